/** The look of the page for links: the desk's colours, without a script or a build. */
export const linkStyle = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f5f8, #0c1117);
  --panel: light-dark(#ffffff, #141b24);
  --text: light-dark(#14202e, #e6edf5);
  --quiet: light-dark(#51606f, #9fb0c0);
  --line: light-dark(#dbe1e9, #26323f);
  --edge: light-dark(#8494a5, #64788b);
  --accent: light-dark(#1a56c4, #7db3ff);
  --accent-text: light-dark(#ffffff, #0b1522);
  --down: light-dark(#b3261e, #ff8f87);
  --paper: light-dark(#1a56c4, #7db3ff);
  font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  background: var(--ground);
  color: var(--text);
}
* { box-sizing: border-box; }
body { margin: 0; padding: 16px; }
main {
  max-width: 30rem;
  margin: 4vh auto 0;
  padding: 20px;
  background: var(--panel);
  border: 1px solid var(--line);
  border-radius: 10px;
}
h1 { margin: 0 0 12px; font-size: 1.25rem; }
p { margin: 0 0 14px; overflow-wrap: anywhere; }
.desk { margin: 0 0 4px; color: var(--quiet); font-weight: 600; }
.quiet, .or { color: var(--quiet); font-size: 0.9rem; }
.or { text-align: center; }
.mode {
  display: inline-block;
  padding: 2px 10px;
  border-radius: 999px;
  border: 2px solid currentcolor;
  font-size: 0.85rem;
  vertical-align: middle;
}
.mode.paper { color: var(--paper); }
.mode.live { color: #ffffff; background: #b3001b; border-color: #b3001b; }
.fault { padding: 10px 12px; border-left: 4px solid var(--down); color: var(--down); }
form { margin: 0 0 14px; }
label { display: block; margin: 0 0 12px; font-weight: 600; }
input {
  display: block;
  width: 100%;
  margin-top: 4px;
  padding: 11px 12px;
  font: inherit;
  color: inherit;
  background: var(--ground);
  border: 1px solid var(--edge);
  border-radius: 8px;
}
button {
  width: 100%;
  padding: 12px;
  font: inherit;
  font-weight: 600;
  color: var(--accent-text);
  background: var(--accent);
  border: 0;
  border-radius: 8px;
  cursor: pointer;
}
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
code { padding: 1px 5px; border-radius: 5px; background: var(--ground); }
`
