"""tests/bench/plot.py — a plot as SVG text: lines over a logarithmic axis, written without a library."""
import html
import math

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 360, 60, 40, 250, 50
COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#7a4e9e", "#b8860b", "#555555")


def _short(number):
    for size, name in ((1_000_000, " million"), (1000, ",000")):
        if number >= size:
            return f"{number // size}{name}"
    return str(number)


def svg(title, x_title, y_title, xs, lines):
    """`lines` has for each name its values at each of `xs`, and whether the line is dashed."""
    highest = 1.1 * max(value for values, _ in lines.values() for value in values)
    low, high = math.log10(xs[0]), math.log10(xs[-1])

    def x_of(x):
        return LEFT + (math.log10(x) - low) / ((high - low) or 1) * (WIDTH - LEFT - RIGHT)

    def y_of(y):
        return HEIGHT - BOTTOM - y / highest * (HEIGHT - TOP - BOTTOM)

    def text(x, y, what, more=""):
        return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{html.escape(what)}</text>'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           f'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           text(LEFT, 22, title, 'font-size="15"'),
           text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_title, 'text-anchor="middle"'),
           text(LEFT, TOP - 4, y_title)]
    for x in xs:
        out.append(text(x_of(x), HEIGHT - BOTTOM + 18, _short(x), 'text-anchor="middle"'))
    for i in range(5):
        y = highest * i / 4
        out.append(f'<path d="M{LEFT} {y_of(y):.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        out.append(text(LEFT - 6, y_of(y) + 4, f"{y:.2f}", 'text-anchor="end"'))
    for number, (name, (values, dashed)) in enumerate(lines.items()):
        colour = COLOURS[number // 2 % len(COLOURS)]
        style = f'stroke="{colour}" stroke-width="2"' + (' stroke-dasharray="5 4"' if dashed else "")
        points = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in zip(xs, values))
        at = TOP + 10 + 18 * number
        out.append(f'<polyline points="{points}" fill="none" {style}/>')
        out.append(f'<path d="M{WIDTH - RIGHT + 14} {at - 4}h24" {style}/>')
        out.append(text(WIDTH - RIGHT + 44, at, name))
    return "\n".join(out) + "\n</svg>\n"
