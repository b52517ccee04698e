// A form that led to the sign-in page or to an error was not saved: its draft must be kept.

try {
  sessionStorage.removeItem("draft-sent");
} catch {
  // A browser that stores nothing has no draft either.
}
