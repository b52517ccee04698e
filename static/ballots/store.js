// What a voter's own device keeps: tickets, sealed ballots that are not sent yet, and receipts. Never
// a grade. On a computer that others use too the same is kept in memory, until the tab is closed.

const NAME = "ballots";
const STORES = ["tickets", "unsent", "kept", "pins"];
const OWN = "ballots:device";
const NARROW = "(pointer: coarse) and (max-width: 600px)";

function promised(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

// The device's own store, or null where the browser has none.
export async function deviceStore() {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      for (const store of STORES) opening.result.createObjectStore(store, { keyPath: "key" });
    };
    const database = await promised(opening);
    const within = (store, mode) => database.transaction(store, mode).objectStore(store);
    return {
      isKept: true,
      get: (store, key) => promised(within(store, "readonly").get(key)),
      all: (store) => promised(within(store, "readonly").getAll()),
      put: (store, value) => written(database, store, (place) => place.put(value)),
      drop: (store, key) => written(database, store, (place) => place.delete(key)),
      clear: (store) => written(database, store, (place) => place.clear()),
    };
  } catch {
    return null;
  }
}

// Done only when the browser says that it is on the disk.
function written(database, store, change) {
  return new Promise((done, failed) => {
    const transaction = database.transaction(store, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => done();
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
    change(transaction.objectStore(store));
  });
}

export function memoryStore() {
  const places = Object.fromEntries(STORES.map((store) => [store, new Map()]));
  return {
    isKept: false,
    get: async (store, key) => places[store].get(key),
    all: async (store) => [...places[store].values()],
    put: async (store, value) => void places[store].set(value.key, value),
    drop: async (store, key) => void places[store].delete(key),
    clear: async (store) => places[store].clear(),
  };
}

// What somebody said about this device: "own", "shared", or nothing yet.
export function saidOfDevice() {
  try {
    return localStorage.getItem(OWN) ?? "";
  } catch {
    return "shared";
  }
}

export async function sayOfDevice(word) {
  localStorage.setItem(OWN, word);
  if (word !== "shared") return;
  const store = await deviceStore();
  for (const place of store ? STORES : []) await store.clear(place);
}

// A phone belongs to somebody; a computer only if he says so.
export function isOwnDevice() {
  return saidOfDevice() === "own" || (saidOfDevice() === "" && matchMedia(NARROW).matches);
}
