/** JSON of `value` as a Terraform string: references are kept, and `${` and `%{` in other text are escaped. */
export const terraformJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent)
    .replace(/\$\{(?!TfToken\[)/g, "$$$${")
    .replace(/%\{/g, "%%{");
