/** Prints `index.html`: the page with a place to drop pictures. `title` is plain words. */
export function htmlSource(title: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <style>
      :root {
        color-scheme: light dark;
        font-family: system-ui, sans-serif;
      }
      body {
        margin: 0 auto;
        max-width: 60rem;
        padding: 1.5rem;
      }
      label {
        border: 2px dashed;
        border-radius: 0.5rem;
        cursor: pointer;
        display: block;
        padding: 2rem;
        text-align: center;
      }
      label:focus-within,
      label.over {
        outline: 3px solid Highlight;
      }
      section {
        align-items: start;
        display: flex;
        flex-wrap: wrap;
        gap: 1.5rem;
        margin-top: 1.5rem;
      }
      canvas {
        border: 1px solid;
        image-rendering: pixelated;
        max-width: 20rem;
        width: 20rem;
      }
      td,
      th {
        padding: 0.2rem 0.5rem;
        text-align: left;
      }
      td:last-child {
        font-variant-numeric: tabular-nums;
        text-align: right;
      }
    </style>
  </head>
  <body>
    <h1>${title}</h1>
    <label id="drop">
      Drop a picture here, or choose one:
      <input id="file" type="file" accept="image/*" />
    </label>
    <p id="status" role="status">Reading the weights ...</p>
    <section id="answer"></section>
    <script type="module" src="/src/page.ts"></script>
  </body>
</html>
`;
}
