/**
 * Keeps a selection by mouse steady over a layer of texts that are placed one by one. Between them the browser takes
 * the end of the layer for what is pointed at, and the selection jumps there; an element that fills the layer, and is
 * moved to just behind what is being selected, takes its place. After pdf.js (web/text_layer_builder.js).
 * @param layer whose children are the texts; it is `position: relative` or `absolute`
 * @returns how to stop
 */
export function keepSelectionSteady(layer: HTMLElement): () => void {
  const stop = new AbortController();
  const filler = document.createElement("div");
  filler.className = "selection-filler";
  layer.append(filler);
  let before: Range | null = null;

  const rest = () => {
    layer.append(filler);
    filler.classList.remove("selection-filler-active");
  };

  document.addEventListener(
    "selectionchange",
    () => {
      const selection = document.getSelection();
      const range = selection !== null && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
      if (range === null || range.collapsed || !range.intersectsNode(layer)) {
        rest();
        before = null;
        return;
      }
      const isStartMoving =
        before !== null &&
        (range.compareBoundaryPoints(Range.END_TO_END, before) === 0 ||
          range.compareBoundaryPoints(Range.START_TO_END, before) === 0);
      const text = textAt(layer, isStartMoving ? range.startContainer : range.endContainer);
      if (text !== null && text !== filler) {
        filler.classList.add("selection-filler-active");
        layer.insertBefore(filler, isStartMoving ? text : text.nextSibling);
      }
      before = range.cloneRange();
    },
    { signal: stop.signal },
  );
  document.addEventListener("pointerup", rest, { signal: stop.signal });

  return () => {
    stop.abort();
    filler.remove();
  };
}

/** The child of the layer in which a node lies. */
function textAt(layer: HTMLElement, node: Node): Node | null {
  let child: Node | null = node;
  while (child !== null && child.parentNode !== layer) {
    child = child.parentNode;
  }
  return child;
}
