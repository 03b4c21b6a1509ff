/**
 * Import first: an invalid setting ends the program with status 1 and its message alone. A stack trace would only show this
 * project's code.
 */
process.on("uncaughtException", (error) => {
  console.error(error.name === "InputError" ? `Error: ${error.message}` : error);
  process.exit(1);
});
