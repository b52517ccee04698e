"""A published result is never changed and never taken back, by whatever program."""

from django.db import migrations

FORBID = """
CREATE FUNCTION evaluations_result_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a result of an evaluation is never altered (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER result_stays BEFORE UPDATE OR DELETE ON evaluations_publication
    FOR EACH ROW EXECUTE FUNCTION evaluations_result_stays();
"""
ALLOW = """
DROP TRIGGER result_stays ON evaluations_publication;
DROP FUNCTION evaluations_result_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
