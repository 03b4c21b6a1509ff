import { type Content, type Html, html } from "./html";

export interface Column<Row> {
  heading: string;
  /** `tight` never breaks, `some` and `wide` have room for text. */
  width?: "tight" | "some" | "wide";
  cell: (row: Row) => Content;
}

export interface Table<Row> {
  /** Caption for screen readers. */
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  dense?: boolean;
}

/** Table that scrolls if it is too wide and becomes a list of cards on a phone, where its roles keep it a table. */
export const table = <Row>({ caption, columns, rows, dense }: Table<Row>): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table role="table" class="cards${dense ? " dense" : ""}"><caption class="hidden">${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(({ heading }) => html`<th scope="col" role="columnheader">${heading}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => line(columns, row))}</tbody></table></div>`;

const line = <Row>(columns: Column<Row>[], row: Row): Html =>
  html`<tr role="row">${columns.map(({ heading, width = "", cell }) => html`<td role="cell" class="${width}" data-heading="${heading}">${cell(row)}</td>`)}</tr>
`;
