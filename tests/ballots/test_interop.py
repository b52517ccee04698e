"""Both sides of the ballots in a real browser: ours, Python's, and an implementation that is not ours."""

import base64
import json
import uuid
from pathlib import Path
from secrets import token_bytes

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.files.storage import FileSystemStorage

from ballots import blind, sealing
from core.static_files import ManifestStorage
from tests.browser import browser  # noqa: F401 -- a fixture

HERE = Path(__file__).parent
PLACES = {"ours": HERE.parents[1] / "static/ballots", "oracle": HERE / "oracle"}
ORIGIN = "https://ballots.test"  # never reached: every answer comes from these files
POLICY = "default-src 'none'; script-src 'self'"
PUBLISHED = json.loads((HERE / "vectors/rfc9474.json").read_text())
VECTORS = [pytest.param(vector, id=vector["name"]) for vector in PUBLISHED["vectors"]]
BOX = uuid.UUID("8f0a1c52-6f5e-4f2a-9f0b-1d2f3a4b5c6d")
LOAD = """async () => {
  const [blind, sealing, oracle] = await Promise.all([
    import("/ours/blind.js"), import("/ours/sealing.js"), import("/oracle/blindrsa.js")]);
  const theirs = new oracle.BlindRSA({hash: "SHA-384", saltLength: 48, prepareType: 0});
  const known = (spki) => crypto.subtle.importKey("spki", sealing.fromBase64(spki),
    {name: "RSA-PSS", hash: "SHA-384"}, true, ["verify"]);
  const encode = (value) => value instanceof Uint8Array ? {bytes: sealing.toBase64(value)} : value;
  Object.assign(window, {blind, sealing, theirs, known, b: sealing.fromBase64, encode});
}"""


def serve(route, request):
    place, _, name = request.url.removeprefix(f"{ORIGIN}/").partition("/")
    if not place:
        page = '<!doctype html><meta charset="utf-8"><title>Ballots</title>'
        headers = {"Content-Type": "text/html", "Content-Security-Policy": POLICY}
        route.fulfill(headers=headers, body=page)
        return
    route.fulfill(content_type="text/javascript", body=(PLACES[place] / name).read_text())


@pytest.fixture(scope="module")
def tab(browser):  # noqa: F811
    context = browser.new_context()
    context.route(f"{ORIGIN}/**", serve)
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    page.evaluate(LOAD)
    yield page
    context.close()


@pytest.fixture
def run(tab):
    """Run a script; bytes go in as base 64 (read with `b`) and come out as bytes."""

    def running(script, **given):
        names = ", ".join(given)
        body = f"async ({{{names}}}) => {{ const made = await (async () => {{ {script} }})();"
        body += " return Array.isArray(made) ? made.map(encode) : encode(made); }"
        ready = {name: b64(one) if isinstance(one, bytes) else one for name, one in given.items()}
        made = tab.evaluate(body, ready)
        return [decoded(one) for one in made] if isinstance(made, list) else decoded(made)

    return running


def b64(data):
    return base64.b64encode(data).decode()


def decoded(value):
    is_bytes = isinstance(value, dict) and set(value) == {"bytes"}
    return base64.b64decode(value["bytes"]) if is_bytes else value


def fault(run, script, **given):
    return run(
        f"try {{ {script} }} catch (fault) {{ return fault.message; }} return null;", **given
    )


def spki(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form)


@pytest.fixture(scope="module")
def private():
    return blind.new_signing_key()


@pytest.fixture(scope="module")
def public(private):
    return blind.public_key(private)


@pytest.fixture(scope="module")
def signer(private):
    return blind.Signer(private)


@pytest.fixture(scope="module")
def seal_key():
    return sealing.new_seal_key()


def holds(public, message, signature):
    """Judged by `cryptography` alone; it raises where a signature does not hold."""
    mask = padding.PSS(padding.MGF1(hashes.SHA384()), salt_length=48)
    key = serialization.load_der_public_key(public)
    key.verify(signature, message, mask, hashes.SHA384())
    return True


def test_the_module_is_collected_with_its_import_under_the_hashed_name(tmp_path):
    collected = ManifestStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(PLACES["ours"].parent)
    names = ["ballots/blind.js", "ballots/sealing.js"]
    for name in names:
        with source.open(name) as file:
            collected.save(name, file)

    list(collected.post_process({name: (source, name) for name in names}))

    sealing_name, blind_name = (collected.stored_name(name) for name in reversed(names))
    imported = (tmp_path / blind_name).read_text().split(' from "./')[1].split('";')[0]
    assert f"ballots/{imported}" == sealing_name != "ballots/sealing.js"


# Tickets


@pytest.mark.parametrize("vector", VECTORS)
def test_the_published_examples_come_out_in_the_browser(run, vector):
    n, e = (int(PUBLISHED["key"][name], 16) for name in "ne")
    raw = {name: bytes.fromhex(value) for name, value in vector.items() if name != "name"}

    made = run(
        """const key = await blind.importPublicKey(spki, 4096);
        const {blinded, secret} = await blind.blindWith(key, b(message), b(salt), BigInt(factor));
        return [blinded, secret, await blind.finalize(key, b(message), b(answer), secret)];""",
        spki=spki(rsa.RSAPublicNumbers(e, n).public_key()),
        message=raw["msg_prefix"] + raw["msg"],
        salt=raw["salt"],
        factor=hex(pow(int(vector["inv"], 16), -1, n)),
        answer=raw["blind_sig"],
    )

    assert made == [raw["blinded_msg"], raw["inv"], raw["sig"]]


def test_a_ticket_blinded_in_the_browser_and_signed_here_holds_everywhere(run, public, signer):
    message, blinded, secret = run(
        """const key = await blind.importPublicKey(spki), message = blind.prepare();
        const {blinded, secret} = await blind.blind(key, message);
        return [message, blinded, secret];""",
        spki=public,
    )

    signature, by_us, by_them = run(
        """const key = await blind.importPublicKey(spki);
        const signature = await blind.finalize(key, b(message), b(answer), b(secret));
        return [signature, await blind.isValid(key, b(message), signature),
          await theirs.verify(await known(spki), signature, b(message))];""",
        spki=public,
        message=message,
        answer=signer.sign(blinded),
        secret=secret,
    )

    assert (len(message), len(blinded), len(signature)) == (32, 256, 256)
    assert (by_us, by_them) == (True, True)
    assert blind.is_valid(public, message, signature)
    assert holds(public, message, signature)
    assert blind.finalize(public, message, signer.sign(blinded), secret) == signature


def test_a_ticket_of_the_oracle_is_one_of_ours(run, public, signer):
    message = blind.prepare()
    blinded, inverse = run(
        """const {blindedMsg, inv} = await theirs.blind(await known(spki), theirs.prepare(b(message)));
        return [blindedMsg, inv];""",
        spki=public,
        message=message,
    )
    answer = signer.sign(blinded)

    by_them, by_us = run(
        """return [await theirs.finalize(await known(spki), b(message), b(answer), b(inverse)),
          await blind.finalize(await blind.importPublicKey(spki), b(message), b(answer), b(inverse))];""",
        spki=public,
        message=message,
        answer=answer,
        inverse=inverse,
    )

    assert by_them == by_us == blind.finalize(public, message, answer, inverse)
    assert blind.is_valid(public, message, by_them)
    assert holds(public, message, by_them)


def test_the_oracle_signs_what_we_blind_and_as_we_sign_it(run, private, public, signer):
    message = blind.prepare()
    blinded, secret = blind.blind(public, message)

    answer = run(
        """const key = await crypto.subtle.importKey("pkcs8", b(pkcs8),
          {name: "RSA-PSS", hash: "SHA-384"}, true, ["sign"]);
        return theirs.blindSign(key, b(blinded));""",
        pkcs8=private,
        blinded=blinded,
    )

    assert answer == signer.sign(blinded)
    assert holds(public, message, blind.finalize(public, message, answer, secret))


def test_two_tickets_for_one_message_have_nothing_in_common(run, public):
    made = run(
        """const key = await blind.importPublicKey(spki), message = blind.prepare();
        const one = await blind.blind(key, message), other = await blind.blind(key, message);
        return [one.blinded, one.secret, other.blinded, other.secret, blind.prepare(), message];""",
        spki=public,
    )

    assert len(set(made)) == 6


@pytest.mark.parametrize("part", ["message", "answer", "secret"])
def test_an_altered_answer_makes_no_ticket_in_the_browser(run, public, signer, part):
    message = blind.prepare()
    blinded, secret = blind.blind(public, message)
    given = {"message": message, "answer": signer.sign(blinded), "secret": secret}
    script = (
        "await blind.finalize(await blind.importPublicKey(spki), b(message), b(answer), b(secret));"
    )
    assert fault(run, script, spki=public, **given) is None
    given[part] = given[part][:-1] + bytes([given[part][-1] ^ 1])

    assert fault(run, script, spki=public, **given) == (
        "The signer's answer does not make a valid ticket."
    )


def test_an_answer_of_another_length_makes_no_ticket_in_the_browser(run, public):
    said = fault(
        run,
        "await blind.finalize(await blind.importPublicKey(spki), blind.prepare(), b(cut), b(cut));",
        spki=public,
        cut=bytes(255),
    )

    assert said == "A blind signature and its secret are as long as the key."


@pytest.mark.parametrize(("exponent", "bits"), [(3, 2048), (65537, 1024), (65537, 3072)])
def test_a_key_that_is_not_ours_is_refused_in_the_browser(run, exponent, bits):
    key = spki(rsa.generate_private_key(exponent, bits).public_key())

    said = fault(run, "await blind.importPublicKey(spki);", spki=key)

    assert said == "This is not the key of a ballot box."


# Sealed ballots


def test_what_the_browser_seals_opens_here(run, seal_key):
    plain = token_bytes(64)

    sealed, again = run(
        "return [await sealing.seal(key, b(plain)), await sealing.seal(key, b(plain))];",
        key=seal_key[1],
        plain=plain,
    )

    assert sealing.Unsealer(seal_key[0]).open(sealed) == plain
    assert len(sealed) == 64 + sealing.OVERHEAD
    assert sealed != again


def test_what_is_sealed_here_opens_with_the_browsers_own_means(run, seal_key):
    plain = token_bytes(896)

    opened = run(
        """const sealed = b(closed), zeros = new Uint8Array(12);
        const holder = await crypto.subtle.importKey("pkcs8", b(pkcs8),
          {name: "RSA-OAEP", hash: "SHA-256"}, false, ["decrypt"]);
        const raw = await crypto.subtle.decrypt({name: "RSA-OAEP"}, holder, sealed.slice(0, 384));
        const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
        return new Uint8Array(await crypto.subtle.decrypt(
          {name: "AES-GCM", iv: zeros}, key, sealed.slice(384)));""",
        closed=sealing.seal(seal_key[1], plain),
        pkcs8=seal_key[0],
    )

    assert opened == plain


@pytest.mark.parametrize(("exponent", "bits"), [(3, 3072), (65537, 2048)])
def test_the_browser_seals_to_no_key_of_another_kind(run, exponent, bits):
    key = spki(rsa.generate_private_key(exponent, bits).public_key())

    said = fault(run, "await sealing.seal(key, new Uint8Array(64));", key=key)

    assert said == "This is not the key of a commission."


@pytest.mark.parametrize("grades", [[1, 2, 3, 4], [0, 0], [5] * 62])
def test_grades_are_written_alike(run, grades):
    written = run("return sealing.encodeGrades(grades);", grades=grades)

    assert written == sealing.GradeBallot(tuple(grades)).encode()


@pytest.mark.parametrize(
    ("chips", "words"),
    [
        ([], ""),
        ([3, 1, 3], "护士站太吵了，\n夜里尤其。"),
        (list(range(1, 9)), "𠮷" * 200),
        ([20], "pasted\x00from\x0bsome\x7fwhere\u0085else\tyes"),
        ([], "é e\u0301 \u200b👩‍⚕️"),
    ],
    ids=["empty", "Chinese", "longest", "control signs", "composed"],
)
def test_comments_are_written_alike(run, chips, words):
    written = run(
        "return sealing.encodeComment({id: b(id), chips, words});",
        id=BOX.bytes,
        chips=chips,
        words=words,
    )

    ballot = sealing.CommentBallot(id=BOX, chips=tuple(chips), text=words)
    assert written == ballot.encode()
    assert sealing.CommentBallot.decode(written, chips=20).chips == tuple(sorted(set(chips)))


def test_half_a_character_does_not_spoil_a_comment(run):
    written = run("return sealing.encodeComment({words: 'a\\ud842b'});")

    assert sealing.CommentBallot.decode(written, chips=0).text == "a\ufffdb"


def test_a_comment_gets_an_id_of_its_own(run):
    made = run("return [sealing.encodeComment({}), sealing.encodeComment({})];")

    ids = {sealing.CommentBallot.decode(written).id for written in made}
    assert len(ids) == 2


def test_answers_are_written_alike(run):
    assert run("return sealing.encodeAnswer(4);") == sealing.SurveyAnswer(4).encode()


@pytest.mark.parametrize(
    "script",
    [
        "sealing.encodeGrades(new Array(63).fill(1));",
        "sealing.encodeGrades([256]);",
        "sealing.encodeGrades([-1]);",
        "sealing.encodeGrades([undefined]);",
        "sealing.encodeComment({words: '字'.repeat(201)});",
        "sealing.encodeComment({chips: [1, 2, 3, 4, 5, 6, 7, 8, 9]});",
        "sealing.encodeAnswer(256);",
    ],
)
def test_the_browser_writes_nothing_that_does_not_fit(run, script):
    assert fault(run, script) is not None


# Receipts


def test_receipts_are_the_same_and_the_browser_checks_the_servers_word(run):
    credential, sealed, seed = token_bytes(32), token_bytes(464), token_bytes(32)
    expected = sealing.receipt(BOX, credential, sealed)
    other = sealing.receipt(BOX, credential, b"other")

    made = run(
        """return [await sealing.receipt(box, b(credential), b(sealed)),
          await sealing.isAccepted(key, expected, word),
          await sealing.isAccepted(key, other, word),
          await sealing.isAccepted(wrong, expected, word),
          await sealing.isAccepted("", expected, word)];""",
        box=str(BOX),
        credential=credential,
        sealed=sealed,
        expected=expected,
        other=other,
        key=sealing.acceptance_public(seed),
        wrong=sealing.acceptance_public(bytes(32)),
        word=sealing.accept(seed, expected),
    )

    assert made == [expected, True, False, False, False]


def test_a_browser_without_ed25519_says_that_it_cannot_check(run):
    said = run(
        """const there = crypto.subtle.importKey;
        crypto.subtle.importKey = async () => { throw new DOMException("", "NotSupportedError"); };
        try { return await sealing.isAccepted(key, "R", ""); }
        finally { crypto.subtle.importKey = there; }""",
        key=bytes(32),
    )

    assert said is None


def test_digests_of_bytes_and_of_text(run):
    digest = hashes.Hash(hashes.SHA256())
    digest.update("密钥".encode())

    made = run(
        "return [await sealing.digest(text), await sealing.digest(b(bytes))];",
        text="密钥",
        bytes="密钥".encode(),
    )

    assert made == [digest.finalize().hex()] * 2


# The commission's key


def test_a_key_and_shares_made_in_the_browser_open_here(run):
    made = run("return sealing.newSealKey(sealing.uuidBytes(id));", id=str(BOX))
    public, shares = base64.b64decode(made["public"]), made["shares"]
    sealed = sealing.seal(public, b"a ballot")

    for one, other in ((0, 1), (2, 0), (1, 2)):
        private = sealing.unwrap(made["wrapped"], shares[one], shares[other], BOX.bytes)
        assert sealing.Unsealer(private).open(sealed) == b"a ballot"
    with pytest.raises(sealing.ShareError):
        sealing.unwrap(made["wrapped"], shares[0], shares[1], uuid.UUID(int=1).bytes)
    assert sealing.is_seal_key(public)
    assert len(set(shares)) == 3


def test_the_browser_reads_shares_as_we_do(run):
    share = "00G1-20A3-1G50-R401-8042-C1JC-9E9H"
    typed = [share, share.lower(), share.replace("-", " "), share.replace("0", "o"), f" {share}\n"]
    wrong = [share[:-1], share[:-1] + "U", share[:-1] + "0", "8" + share[1:], ""]

    read = run("return typed.map(sealing.readShare);", typed=typed)
    refused = run("return wrong.map(sealing.readShare);", wrong=wrong)

    assert read == [sealing.read_share(share)] * 5
    assert refused == [None] * 5
