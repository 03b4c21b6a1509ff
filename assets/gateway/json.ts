/** Strings, so that the words inside them stay, and the three numbers that Python writes and JSON does not have. */
const STRING_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** Parses JSON as Python writes it: a model's result may be NaN or infinite, which become words. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const plain = text.replace(STRING_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : `"${found}"`));
    if (plain === text) throw error;
    return JSON.parse(plain);
  }
}
