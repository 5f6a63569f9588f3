const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it stands in HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

/** What every document that leaves the console looks like: for reading and for paper, without anything from elsewhere. */
export const documentHead = (title: string): string => `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 Georgia,'Times New Roman',serif;color:#1b1f22;background:#fff}
h1,h2,h3,th,dt,.soft{font-family:'Helvetica Neue',Arial,sans-serif}
h1{font-size:1.7rem;line-height:1.25}h2{margin-top:2.2rem;padding-top:.6rem;border-top:2px solid #12585b;font-size:1.25rem}h3{font-size:1.05rem}
table{width:100%;border-collapse:collapse;margin:.8rem 0}th,td{padding:.35rem .8rem .35rem 0;border-top:1px solid #ccd3d4;text-align:left;vertical-align:top}th{font-size:.85rem}
ol.events{padding:0;list-style:none}ol.events li{display:grid;grid-template-columns:11rem 1fr;gap:.8rem;padding:.2rem 0;border-top:1px solid #e3e7e8;break-inside:avoid}
time,.soft,code{color:#4a5457;font-size:.88rem}code{overflow-wrap:anywhere}
.answer{min-height:4rem;margin:.6rem 0;padding:.5rem .8rem;border:1px dashed #7b888b}
@page{size:A4;margin:18mm 16mm}@media print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}h2{break-after:avoid}thead{display:table-header-group}}
@media (max-width:40rem){ol.events li{grid-template-columns:1fr;gap:0}}
</style>
</head>
<body>
`;
export const documentFoot = '</body>\n</html>\n';
