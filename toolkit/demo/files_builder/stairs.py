"""The hub's staircase of four steps, as a small picture that shows where a template belongs."""

from io import BytesIO

from PIL import Image, ImageDraw

from toolkit.demo.files_builder import theme

STEP_WIDTH, STEP_RISE, FIRST_HEIGHT, EDGE_WIDTH = 96, 32, 44, 5


def draw_stairs(step, right_to_left=False, ground=theme.WHITE):
    """Return a PNG of the staircase with ``step`` filled in; it climbs in reading direction."""
    width, height = STEP_WIDTH * 4, FIRST_HEIGHT + STEP_RISE * 3
    picture = Image.new("RGB", (width, height), "#" + ground)
    pen = ImageDraw.Draw(picture)
    for index in range(4):
        left, top = index * STEP_WIDTH, height - FIRST_HEIGHT - index * STEP_RISE
        fill = theme.RUST if index + 1 == step else theme.RUST_TINT
        pen.rectangle((left, top, left + STEP_WIDTH - 1, height - 1), fill="#" + fill)
        pen.rectangle((left, top, left + STEP_WIDTH - 1, top + EDGE_WIDTH), fill="#" + theme.RUST)
    if right_to_left:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    stream = BytesIO()
    picture.quantize(8).save(stream, "PNG", optimize=True)
    stream.seek(0)
    return stream
