// Tickets signed unseen, the voter's side: RSABSSA-SHA384-PSS-Deterministic of RFC 9474.
//
// The message is made here and blinded before it travels, so the signer never sees what it signs
// and no ticket can be led back to the request that it came from. ballots/blind.py is the other side.

import { fromBase64, fromHex, joined, random, toHex } from "./sealing.js";

export const KEY_BITS = 2048;
const EXPONENT = 65537n;
const SALT_BYTES = 48;
const HASH_BYTES = 48;
const PSS = { name: "RSA-PSS", hash: "SHA-384" };

// A box's key. One of another size or exponent could mark those to whom it is shown.
export async function importPublicKey(spki, bits = KEY_BITS) {
  const verifier = await crypto.subtle.importKey("spki", fromBase64(spki), PSS, true, ["verify"]);
  const { modulusLength, publicExponent } = verifier.algorithm;
  if (modulusLength !== bits || toHex(publicExponent) !== "010001") {
    throw new Error("This is not the key of a ballot box.");
  }
  const { n } = await crypto.subtle.exportKey("jwk", verifier);
  const modulus = fromBase64(n.replaceAll("-", "+").replaceAll("_", "/"));
  return { verifier, n: numberOf(modulus), bits, size: bits / 8 };
}

// The message of one ticket: 256 random bits.
export function prepare() {
  return random(32);
}

// What the signer gets, and the secret that takes the blinding off again.
export async function blind(key, message) {
  return blindWith(key, message, random(SALT_BYTES), randomBelow(key));
}

// The same with a salt and a factor that are known, for comparison with published examples only:
// a factor that anybody else knows blinds nothing.
export async function blindWith(key, message, salt, factor) {
  const encoded = numberOf(await encode(message, salt, key.bits - 1));
  const inverse = inverseOf(factor, key.n);
  const blinded = (encoded * power(factor, EXPONENT, key.n)) % key.n;
  return { blinded: bytesOf(blinded, key.size), secret: bytesOf(inverse, key.size) };
}

// The ticket's signature. It is checked before it is used: a crooked key fails here.
export async function finalize(key, message, blindSignature, secret) {
  if (blindSignature.length !== key.size || secret.length !== key.size) {
    throw new Error("A blind signature and its secret are as long as the key.");
  }
  const signature = bytesOf((numberOf(blindSignature) * numberOf(secret)) % key.n, key.size);
  if (!(await isValid(key, message, signature))) {
    throw new Error("The signer's answer does not make a valid ticket.");
  }
  return signature;
}

export function isValid(key, message, signature) {
  return crypto.subtle.verify({ name: "RSA-PSS", saltLength: SALT_BYTES }, key.verifier, signature, message);
}

// EMSA-PSS of RFC 8017, 9.1.1.
async function encode(message, salt, bits) {
  const size = Math.ceil(bits / 8);
  const seed = await sha384(joined(new Uint8Array(8), await sha384(message), salt));
  const block = joined(new Uint8Array(size - salt.length - HASH_BYTES - 2), [1], salt);
  const mask = await stretch(seed, block.length);
  const masked = block.map((byte, at) => byte ^ mask[at]);
  masked[0] &= 0xff >> (8 * size - bits);
  return joined(masked, seed, [0xbc]);
}

// MGF1 of RFC 8017, B.2.1; fewer than 256 rounds.
async function stretch(seed, length) {
  const rounds = [];
  for (let at = 0; at * HASH_BYTES < length; at++) rounds.push(await sha384(joined(seed, [0, 0, 0, at])));
  return joined(...rounds).slice(0, length);
}

async function sha384(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
}

function randomBelow({ n, size }) {
  for (;;) {
    const number = numberOf(random(size));
    if (number > 1n && number < n) return number;
  }
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (; exponent; exponent >>= 1n, base = (base * base) % modulus) {
    if (exponent & 1n) result = (result * base) % modulus;
  }
  return result;
}

function inverseOf(number, modulus) {
  let [rest, next] = [modulus, number];
  let [inverse, following] = [0n, 1n];
  while (next) {
    const times = rest / next;
    [rest, next] = [next, rest - times * next];
    [inverse, following] = [following, inverse - times * following];
  }
  if (rest !== 1n) throw new RangeError("This number has no inverse.");
  return inverse < 0n ? inverse + modulus : inverse;
}

function numberOf(bytes) {
  return BigInt(`0x${toHex(bytes)}`);
}

function bytesOf(number, size) {
  return fromHex(number.toString(16).padStart(2 * size, "0"));
}
