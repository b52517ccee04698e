// What the voter's and the commission's browser closes: ballots for the commission, and the
// commission's key in three shares. ballots/sealing in Python writes and reads the same bytes.

const SEAL_KEY_BITS = 3072;
const OAEP = { name: "RSA-OAEP", hash: "SHA-256" };
const ONLY_NONCE = new Uint8Array(12);
const VERSION = 1;
const GRADE_BYTES = 64;
const COMMENT_BYTES = 896;
const ANSWER_BYTES = 16;
const MOST_CHIPS = 8;
export const MOST_CHARACTERS = 200;

const text = new TextEncoder();

// Bytes

export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

export function fromBase64(written) {
  return Uint8Array.from(atob(written), (sign) => sign.charCodeAt(0));
}

export function toHex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(written) {
  return Uint8Array.from(written.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function joined(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function uuidBytes(uuid) {
  return fromHex(uuid.replaceAll("-", ""));
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// The SHA-256 of bytes or of a text, in hexadecimal.
export async function digest(data) {
  return toHex(await sha256(typeof data === "string" ? text.encode(data) : data));
}

// Ballots: every ballot of a kind has one length, so its length tells nothing.

export async function seal(publicKey, plain) {
  const holder = await importSealKey(fromBase64(publicKey));
  const key = random(32);
  const wrapped = await crypto.subtle.encrypt(OAEP, holder, key);
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: ONLY_NONCE }, cipher, plain);
  return joined(new Uint8Array(wrapped), new Uint8Array(closed));
}

async function importSealKey(der) {
  const key = await crypto.subtle.importKey("spki", der, OAEP, false, ["encrypt"]);
  if (key.algorithm.modulusLength !== SEAL_KEY_BITS || toHex(key.algorithm.publicExponent) !== "010001") {
    throw new Error("This is not the key of a commission.");
  }
  return key;
}

// One grade for each dimension: 0 is left blank, n the nth grade of the election's list.
export function encodeGrades(grades) {
  return padded([VERSION, grades.length, ...grades], GRADE_BYTES);
}

// Ready phrases by their number from 1, and a text of at most 200 characters.
export function encodeComment({ id = random(16), chips = [], words = "" }) {
  const kept = words.replace(/(?![\n\t])\p{Cc}/gu, " ");
  const sorted = [...new Set(chips)].sort((one, other) => one - other);
  if (sorted.length > MOST_CHIPS || [...kept].length > MOST_CHARACTERS) {
    throw new RangeError("Too many phrases, or too long a text.");
  }
  const written = text.encode(kept);
  const length = [written.length >> 8, written.length & 255];
  return padded([VERSION, ...id, sorted.length, ...sorted, ...length, ...written], COMMENT_BYTES);
}

export function encodeAnswer(answer) {
  return padded([VERSION, answer], ANSWER_BYTES);
}

function padded(values, length) {
  if (values.length > length || values.some((value) => !(value >= 0 && value <= 255))) {
    throw new RangeError("This does not fit into a ballot.");
  }
  const bytes = new Uint8Array(length);
  bytes.set(values);
  return bytes;
}

// Receipts: they show that a ballot counts, not what is in it.

export async function receipt(box, credential, sealed) {
  const whole = await sha256(joined(text.encode("receipt"), uuidBytes(box), credential, sealed));
  return crockford(numberOf(whole.slice(0, 20)), 32);
}

// Whether the server confirmed this receipt; null where this browser cannot check it.
export async function isAccepted(publicKey, receiptText, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", fromBase64(publicKey), { name: "Ed25519" }, false, ["verify"]);
    const statement = text.encode(`accepted${receiptText}`);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, fromBase64(signature), statement);
  } catch (fault) {
    if (fault.name === "NotSupportedError") return null;
    return false;
  }
}

// Shares: 128 random bits on paper, with two characters that betray a mistyped one.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_PRIME = 1021n;
const DIGITS = 26;
const CHECK_DIGITS = 2;
const PAIRS = { 12: [0, 1], 13: [0, 2], 23: [1, 2] };

function crockford(number, length) {
  const digits = [];
  for (let at = 0; at < length; at++, number >>= 5n) digits.unshift(ALPHABET[Number(number & 31n)]);
  return digits.join("");
}

function numberOf(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}

function writeShare(bytes) {
  const value = numberOf(bytes);
  return (crockford(value, DIGITS) + crockford(value % CHECK_PRIME, CHECK_DIGITS)).match(/..../g).join("-");
}

// The 16 bytes of a share as somebody typed it, or null if it is mistyped.
export function readShare(typed) {
  const plain = typed.normalize("NFKC").replace(/[\s\p{Pd}]/gu, "").toUpperCase()
    .replaceAll("O", "0").replace(/[IL]/g, "1");
  const digits = [...plain].map((sign) => ALPHABET.indexOf(sign));
  if (digits.length !== DIGITS + CHECK_DIGITS || digits.includes(-1)) return null;
  const value = digits.slice(0, DIGITS).reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
  const check = BigInt(digits[DIGITS] * 32 + digits[DIGITS + 1]);
  if (value >> 128n || value % CHECK_PRIME !== check) return null;
  return fromHex(value.toString(16).padStart(32, "0"));
}

// A new key of a commission, made here so that no server ever holds its private half: the public
// half, the private one closed for each pair of shares, and the three shares for the paper.
export async function newSealKey(context) {
  const algorithm = { ...OAEP, modulusLength: SEAL_KEY_BITS, publicExponent: Uint8Array.of(1, 0, 1) };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ["encrypt", "decrypt"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const shares = [random(16), random(16), random(16)];
  const wrapped = await wrap(pkcs8, shares, context);
  return { public: toBase64(spki), wrapped, shares: shares.map(writeShare) };
}

// The private key closed three times, each time under a key of one pair of shares.
async function wrap(privateKey, shares, context) {
  const wrapped = {};
  for (const [pair, [one, other]] of Object.entries(PAIRS)) {
    const cipher = await pairCipher(shares[one], shares[other], context, pair);
    const iv = random(12);
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, cipher, privateKey);
    wrapped[pair] = toBase64(joined(iv, new Uint8Array(closed)));
  }
  return wrapped;
}

async function pairCipher(one, other, context, pair) {
  const both = await crypto.subtle.importKey("raw", joined(one, other), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: context, info: text.encode(`shares ${pair}`) };
  return crypto.subtle.deriveKey(how, both, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}
