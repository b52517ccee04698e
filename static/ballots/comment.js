// The card for a comment: ready phrases first, then words of one's own, and a look at what in them
// would tell who wrote. The look happens here; nothing is sent for it.

import { hintsIn } from "./hints.js";
import { MOST_CHARACTERS } from "./sealing.js";

const MOST_CHIPS = 8;

export function lengthOf(text) {
  return [...text.trim()].length;
}

export function commentCard(card, vote, manifest, words, changed) {
  for (const one of card.querySelectorAll("[data-put=readers]")) one.textContent = manifest.readers ?? "";
  card.open = Boolean(vote.chips.length || vote.words);
  chips(card, vote, manifest, changed);
  const field = card.querySelector("textarea");
  field.value = vote.words;
  const look = () => {
    vote.words = field.value;
    const length = lengthOf(field.value);
    const counter = card.querySelector("[data-counter]");
    counter.textContent = words.counter.replace("{n}", length).replace("{of}", MOST_CHARACTERS);
    counter.classList.toggle("is-too-long", length > MOST_CHARACTERS);
    hints(card, field, words, look);
    changed();
  };
  field.addEventListener("input", look);
  look();
}

function chips(card, vote, manifest, changed) {
  const each = card.querySelector("template[data-each=chip]").content.firstElementChild;
  const list = card.querySelector("[data-chips]");
  const boxes = manifest.chips.map((text, at) => {
    const chip = each.cloneNode(true);
    chip.querySelector("span").textContent = text;
    const box = chip.querySelector("input");
    box.checked = vote.chips.includes(at + 1);
    list.append(chip);
    return box;
  });
  const take = () => {
    vote.chips = boxes.flatMap((box, at) => (box.checked ? [at + 1] : []));
    for (const box of boxes) box.disabled = !box.checked && vote.chips.length >= MOST_CHIPS;
    changed();
  };
  list.addEventListener("change", take);
}

function hints(card, field, words, look) {
  const each = card.querySelector("template[data-each=hint]").content.firstElementChild;
  const lines = hintsIn(field.value).map((hint) => {
    const line = each.cloneNode(true);
    line.querySelector("[data-put=found]").textContent = hint.words;
    line.querySelector("[data-put=advice]").textContent = words[`trace${hint.code}`];
    const soften = line.querySelector("button");
    soften.addEventListener("click", () => {
      field.value = field.value.slice(0, hint.start) + words[`soft${hint.code}`] + field.value.slice(hint.end);
      field.focus();
      look();
    });
    return line;
  });
  card.querySelector("[data-hints]").replaceChildren(...lines);
}
