"""A server that is not set up for a secret vote is told so, and what to do."""

import logging
import resource
from pathlib import Path

import pytest
from django.db import connection

from evaluations.queries import secrecy

SOUND = {
    "track_commit_timestamp": "off",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "wal_level": "replica",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "logical slots": "0",
    "triggers": "0",
}


def codes(faults):
    return {fault.code for fault in faults}


@pytest.fixture
def sound_settings(settings):
    settings.SITE_URL, settings.DEBUG, settings.BOX_DATABASE = "https://hospital.test", False, "box"
    return settings


def test_sound_settings_have_no_fault(sound_settings):
    assert codes(secrecy.settings_faults()) == set()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SITE_URL", "http://hospital.test", "https"),
        ("DEBUG", True, "debug"),
        ("BOX_DATABASE", "default", "box_role"),
        ("MIDDLEWARE", ["django.middleware.security.SecurityMiddleware", secrecy.DOOR], "door"),
    ],
)
def test_each_setting_that_would_betray_voters_is_a_fault(sound_settings, name, value, code):
    setattr(sound_settings, name, value)

    assert codes(secrecy.settings_faults()) == {code}


@pytest.mark.parametrize("name", ["", "django.db"])
def test_a_log_that_holds_what_was_sent_is_a_fault(sound_settings, name, request):
    logger = logging.getLogger(name)
    request.addfinalizer(lambda level=logger.level: logger.setLevel(level))
    logger.setLevel(logging.DEBUG)

    assert codes(secrecy.settings_faults()) == {"log_level"}


def test_sound_database_settings_have_no_fault():
    assert codes(secrecy._judged(SOUND)) == set()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("track_commit_timestamp", "on", "database_log"),
        ("log_statement", "mod", "database_log"),
        ("log_min_duration_statement", "0", "database_log"),
        ("log_min_duration_sample", "500", "database_log"),
        ("log_transaction_sample_rate", "0.1", "database_log"),
        ("log_parameter_max_length_on_error", "-1", "database_log"),
        ("log_min_error_statement", "error", "database_log"),
        ("wal_level", "logical", "database_log"),
        ("fsync", "off", "database_forgets"),
        ("synchronous_commit", "off", "database_forgets"),
        ("full_page_writes", "off", "database_forgets"),
        ("auto_explain.log_min_duration", "-1", "database_extension"),
        ("pgaudit.log", "none", "database_extension"),
        ("logical slots", "1", "database_slot"),
        ("triggers", "1", "database_trigger"),
    ],
)
def test_each_setting_of_the_database_that_would_betray_voters_is_a_fault(name, value, code):
    assert codes(secrecy._judged(SOUND | {name: value})) == {code}


def test_a_setting_that_an_older_database_does_not_have_is_no_fault():
    older = {name: value for name, value in SOUND.items() if name != "log_min_duration_sample"}

    assert codes(secrecy._judged(older)) == set()


@pytest.mark.django_db
def test_the_database_is_asked_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = codes(secrecy.database_faults())

    assert {"database_extension", "database_slot", "database_trigger"} & found == set()


@pytest.mark.django_db
def test_a_trigger_on_the_boxes_and_a_loaded_listener_are_seen():
    with connection.cursor() as cursor:
        cursor.execute("LOAD 'auto_explain'")
        cursor.execute(
            "CREATE TRIGGER watcher BEFORE UPDATE ON ballots_boxshard"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        )
        found = codes(secrecy.database_faults())

    assert {"database_extension", "database_trigger"} <= found


@pytest.mark.django_db
def test_a_role_for_the_boxes_that_reads_the_roll_is_a_fault(settings, monkeypatch):
    """Named as another connection, but the owner of everything."""
    from django.db import connections

    settings.BOX_DATABASE = "box"
    monkeypatch.setitem(connections.settings, "box", connections.settings["default"])
    monkeypatch.setattr(connections._connections, "box", connection, raising=False)

    assert "box_role_reads" in codes(secrecy.database_faults())


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw,nosuid,size=10% 0 0
tmpfs /run/keys tmpfs rw,noswap 0 0
/dev/sdb1 /run/keys/disk ext4 rw 0 0
tmpfs /run/with\\040space ramfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind", "options"),
    [
        ("/srv/keys", "ext4", ["rw"]),
        ("/run/box-keys", "tmpfs", ["rw", "nosuid", "size=10%"]),
        ("/run/keys/box", "tmpfs", ["rw", "noswap"]),
        ("/run/keys/disk/box", "ext4", ["rw"]),
        ("/run/with space/box", "ramfs", ["rw"]),
    ],
)
def test_on_which_file_system_a_folder_lies_or_would_lie(tmp_path, folder, kind, options):
    (tmp_path / "mounts").write_text(MOUNTS)

    assert secrecy.mounted_at(Path(folder), tmp_path / "mounts") == (kind, options)


def test_where_nobody_says_what_is_mounted_nothing_is_believed(tmp_path):
    assert secrecy.mounted_at(tmp_path, tmp_path / "nothing") == ("", [])


def test_swap_on_a_disk_is_swap_and_within_memory_is_not(tmp_path):
    (tmp_path / "swaps").write_text(
        "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 5\n/swapfile file 1 0 -2\n"
    )

    assert secrecy.swaps(tmp_path / "swaps") == ["/swapfile"]
    assert secrecy.swaps(tmp_path / "nothing") == []


def test_a_folder_that_others_can_read_is_a_fault(settings, tmp_path):
    settings.BOX_KEY_DIR = tmp_path / "keys"
    settings.BOX_KEY_DIR.mkdir(mode=0o700)
    private = codes(secrecy.machine_faults())

    settings.BOX_KEY_DIR.chmod(0o750)

    assert codes(secrecy.machine_faults()) - private == {"key_dir_open"}


@pytest.mark.parametrize(
    ("limit", "found"), [(0, set()), (1, {"core_dumps"}), (-1, {"core_dumps"})]
)
def test_core_dumps_are_a_fault(monkeypatch, limit, found):
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (limit, -1))

    assert codes(secrecy.machine_faults()) & {"core_dumps"} == found
