"""The frame of a batch report's page: styles for light and dark, no scripts, nothing from elsewhere."""

HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root { --back: #fafafa; --card: #fff; --text: #1c1c1e; --soft: #5f6368; --line: #d8d8dc;
  --mark: #a85b00; --link: #0b57d0 }
@media (prefers-color-scheme: dark) {
  :root { --back: #17181a; --card: #222427; --text: #ececee; --soft: #a6a9ae; --line: #3a3d42;
    --mark: #f0a850; --link: #8ab4f8 }
}
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--back);
  color: var(--text); font: 15px/1.45 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.5rem }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem }
ul { margin: 0; padding-left: 1.2rem }
li, strong, a { overflow-wrap: anywhere }
.totals { color: var(--soft) }
.totals b { color: var(--text) }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 1rem;
  align-items: start }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  overflow: hidden }
figure.unsure { border-color: var(--mark) }
figure.unsure span { color: var(--mark) }
.photo { position: relative; overflow: hidden; background: #888 }
.photo img { display: block; width: 100%; height: 100% }
.photo i { position: absolute; box-sizing: border-box; border: 2px solid #fff;
  box-shadow: 0 0 0 1px #000 }
.photo i:nth-of-type(1) { box-shadow: 0 0 0 1px #000, 0 0 0 100rem rgb(0 0 0 / .5) }
.photo i.circle { border-radius: 50% }
figcaption { display: grid; gap: .15rem; padding: .6rem .7rem; font-size: 13px }
figcaption span { color: var(--soft) }
a { color: var(--link) }
</style>
</head>
<body>
"""

TAIL = "</body>\n</html>\n"
