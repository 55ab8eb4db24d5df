"""The look of a report: the light theme's colours, one page of 1000 pixels, the same on paper."""

from __future__ import annotations

_PAGE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;padding:28px;max-width:1000px;background:#fff;color:#111A24;
font:12px/1.45 Inter,system-ui,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
header,footer{display:flex;justify-content:space-between;gap:14px}header{align-items:center;margin-bottom:14px}
header svg{width:38px;height:28px;flex:none}header div:nth-child(2){flex:1}header div:last-child{text-align:right}
h1,h2{margin:0;font-size:16px;font-weight:600}h2{font-size:13px;display:inline}
small,.sub,th,footer{color:#3F4D5B;font-weight:400;font-size:11px}.sub{margin-left:8px}footer{margin-top:22px}
section{border:1px solid #D3DBE3;border-radius:8px;padding:11px 14px;margin-bottom:10px;break-inside:avoid}
.figures{display:flex;padding:8px 0}.figures>div{flex:1;padding:0 14px;border-left:1px solid #D3DBE3}
.figures>div:first-child{border:0}.figures b{display:block;font-size:16px;white-space:nowrap}
.columns{display:flex;gap:10px;align-items:stretch}.columns>*{flex:1;min-width:0}.columns>.wide{flex:1.9}
.columns>div>section:last-child{margin-bottom:10px}
table{width:100%;border-collapse:collapse;margin-top:6px}
th,td{text-align:left;padding:5px 8px;border-bottom:1px solid #E6EBF0;overflow-wrap:anywhere}
th{white-space:nowrap}
td.n,th.n{text-align:right;white-space:nowrap}td.soft{white-space:nowrap;color:#3F4D5B}td.b,tr.all td{font-weight:600}
.gain{color:#086E53}.loss,.sell{color:#B52F20}.late{color:#A04D00}.buy{color:#0A64B4}.buy,.sell{white-space:nowrap}
.alarm{color:#C20E2C;font-weight:600}
.none{color:#566574;margin:8px 0 2px}
.bar{display:inline-block;width:92px;height:6px;border-radius:3px;background:#DCE3EA;vertical-align:middle}
.bar i{display:block;height:6px;border-radius:3px;background:#5E6B77}.late .bar i{background:#CC6F00}
.pips i{display:inline-block;width:20px;height:9px;border-radius:3px;margin-right:4px}
.mark{width:16px;height:16px;vertical-align:-3px}
figure{margin:8px 0 0}figure svg{display:block;width:100%;height:auto}
"""

_PRINT = """
@media print{body{padding:0}}
@media(max-width:760px){.columns,.figures{flex-wrap:wrap}.columns>*,.columns>.wide{flex:1 1 100%}
.figures>div{flex:1 1 40%;padding-bottom:8px}section{overflow-x:auto}}
"""

PICTURE = {
    "text": "font-family:Inter,system-ui,'Segoe UI',sans-serif;font-size:10px;fill:#3F4D5B",
    ".strong": "font-weight:600;fill:#111A24",
    ".grid": "stroke:#E6EBF0;fill:none",
    "path.equity": "fill:none;stroke:#0A64B4;stroke-width:1.2",
    "path.balance": "fill:none;stroke:#5E6B77;stroke-width:1",
    "path.down": "fill:none;stroke:#B52F20;stroke-width:1.2",
    "path.without": "fill:none;stroke:#3F4D5B;stroke-width:1;stroke-dasharray:5 3",
    "path.bridge": "fill:none;stroke:#3F4D5B;stroke-width:1;stroke-dasharray:1 3",
    "path.limit": "fill:none;stroke:#A04D00;stroke-width:1;stroke-dasharray:5 3",
    "path.grave": "fill:none;stroke:#C20E2C;stroke-width:1;stroke-dasharray:5 3",
    "text.limit": "font-weight:600;fill:#A04D00",
    "text.grave": "font-weight:600;fill:#C20E2C",
    "text.down": "font-weight:600;fill:#B52F20",
    "text.equity-text": "font-weight:600;fill:#0A64B4",
    "text.without-text": "font-weight:600;fill:#3F4D5B",
    ".disc": "fill:#A04D00;stroke:#fff;stroke-width:1.5",
    "text.on-disc": "fill:#fff;font-weight:600",
    ".deepest": "fill:#B52F20;stroke:#fff",
}
"""The drawing's classes; a rule that stands later holds where two fit."""
CSS = _PAGE + "".join(f"figure {which}{{{how}}}\n" for which, how in PICTURE.items()) + _PRINT
LOGO = (
    '<svg viewBox="0 0 38 28" aria-hidden="true"><circle cx="19" cy="14" r="10.5" fill="none" '
    'stroke="#111A24" stroke-width="2.6"/><path d="M1 14H37" stroke="#0A64B4" stroke-width="2.6"/></svg>'
)
COLOURS = {"low": "#0A64B4", "medium": "#705900", "high": "#A04D00", "critical": "#C20E2C", "extreme": "#C20E2C"}
_SHAPES = {
    "low": ('<circle cx="8" cy="8" r="6.5"/>', "i"),
    "medium": ('<rect x="1.5" y="1.5" width="13" height="13" rx="3"/>', "M"),
    "high": ('<path d="M8 1 15 14.5H1Z"/>', "H"),
    "critical": ('<path d="M8 .8 15.2 8 8 15.2.8 8Z"/>', "!"),
    "extreme": ('<path d="M8 .8 15.2 8 8 15.2.8 8Z"/>', "!"),
}


def mark(severity: str) -> str:
    """The severity's shape with its letter; a circle for one that is not known."""
    shape, letter = _SHAPES.get(severity, _SHAPES["low"])
    colour = COLOURS.get(severity, COLOURS["low"])
    low = 12.5 if severity == "high" else 11.2
    return (f'<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><g fill="none" stroke="{colour}" '
            f'stroke-width="1.4">{shape}</g><text x="8" y="{low}" text-anchor="middle" font-size="8.5" '
            f'font-weight="700" fill="{colour}">{letter}</text></svg>')  # fmt: skip
