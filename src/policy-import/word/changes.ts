import { everyElement, isElement, childAt, type XmlElement, type XmlNode } from './xml.ts';

/** A paragraph or a table of a Word document, once every tracked change is accepted. */
export interface Block {
  readonly kind: 'paragraph' | 'table';
  /** Carries the properties. */
  readonly element: XmlElement;
  /** What stands in it; a paragraph whose mark was deleted brings its content to the next one. */
  readonly content: readonly XmlNode[];
  readonly within: Within;
}

/** What content controls around a block say of it. */
export interface Within {
  /** The contents list that Word makes. */
  readonly contentsList: boolean;
  /** "Click here to enter text." */
  readonly placeholder: boolean;
}

/** Only wrap what they hold. Inserted text and text at its new place are like any other (ECMA-376 Part 1, 17.13.5). */
const transparent = new Set([
  'w:sdtContent',
  'w:customXml',
  'w:smartTag',
  'w:ins',
  'w:moveTo',
  'mc:Choice',
  'mc:Fallback',
]);
/** Deleted text, text at its old place, and how things looked before a change. */
const dropped = /^w:(?:del|moveFrom|delText|delInstrText|\w+PrChange|numberingChange|tblGridChange)$/u;

/** The children, with what only wraps taken away and what tracked changes deleted gone. */
export function* acceptedChildren(nodes: readonly XmlNode[]): Generator<XmlNode> {
  for (const node of nodes) {
    if (!isElement(node)) yield node;
    else if (dropped.test(node.name)) continue;
    else if (node.name === 'mc:AlternateContent') yield* acceptedChildren(chosen(node));
    else if (transparent.has(node.name)) yield* acceptedChildren(node.children);
    else yield node;
  }
}

/** Of the alternatives for older readers one is read: the first that holds text, because all say the same. */
function chosen(alternatives: XmlElement): readonly XmlNode[] {
  const branches = alternatives.children.filter(isElement);
  const withText = branches.find((branch) => [...everyElement(branch)].some(({ name }) => name === 'w:t'));
  return (withText ?? branches[0])?.children ?? [];
}

/** Is it a table row or a cell that a tracked change deleted? */
export function isDeletedPart(element: XmlElement): boolean {
  const properties = childAt(element, `${element.name}Pr`);
  return (
    (element.name === 'w:tr' && childAt(properties, 'w:del') !== undefined) ||
    (element.name === 'w:tc' && childAt(properties, 'w:cellDel') !== undefined)
  );
}

/** Rows that are left of a table, or cells of a row. */
export function* keptRows(parent: XmlElement, name: 'w:tr' | 'w:tc'): Generator<XmlElement> {
  for (const node of parts(parent.children)) {
    if (isElement(node) && node.name === name && !isDeletedPart(node)) yield node;
  }
}

/** The same as `acceptedChildren`, through content controls too. */
function* parts(nodes: readonly XmlNode[]): Generator<XmlNode> {
  for (const node of acceptedChildren(nodes)) {
    if (isElement(node) && node.name === 'w:sdt') yield* parts(node.children);
    else yield node;
  }
}

/** Paragraphs and tables of a body, cell, note or text box, in order, with every tracked change accepted. */
export function blocksOf(nodes: readonly XmlNode[]): Block[] {
  const blocks: Block[] = [];
  let carried: XmlNode[] = [];
  let last: Block | null = null;
  const flush = () => {
    if (last !== null && !acceptedChildren(carried).next().done) blocks.push({ ...last, content: carried });
    carried = [];
  };
  for (const { node, within } of blockNodes(nodes, { contentsList: false, placeholder: false })) {
    if (node.name === 'w:p') {
      const own = node.children.filter((child) => !isElement(child) || child.name !== 'w:pPr');
      last = { kind: 'paragraph', element: node, content: [...carried, ...own], within };
      carried = [];
      if (isMarkDeleted(node)) carried = [...last.content];
      else blocks.push(last);
    } else {
      flush();
      blocks.push({ kind: 'table', element: node, content: [], within });
    }
  }
  flush();
  return blocks;
}

/** The paragraphs of all of these blocks, those in tables too. */
export function* everyParagraph(nodes: readonly XmlNode[]): Generator<Block> {
  for (const block of blocksOf(nodes)) {
    if (block.kind === 'paragraph') yield block;
    else
      for (const row of keptRows(block.element, 'w:tr'))
        for (const cell of keptRows(row, 'w:tc')) yield* everyParagraph(cell.children);
  }
}

function isMarkDeleted(paragraph: XmlElement): boolean {
  const mark = childAt(paragraph, 'w:pPr', 'w:rPr');
  return childAt(mark, 'w:del') !== undefined || childAt(mark, 'w:moveFrom') !== undefined;
}

function* blockNodes(nodes: readonly XmlNode[], within: Within): Generator<{ node: XmlElement; within: Within }> {
  for (const node of acceptedChildren(nodes)) {
    if (!isElement(node)) continue;
    if (node.name === 'w:p' || node.name === 'w:tbl') yield { node, within };
    else if (node.name === 'w:sdt')
      yield* blockNodes(node.children, {
        contentsList: within.contentsList || isContentsList(node),
        placeholder: within.placeholder || showsPlaceholder(node),
      });
  }
}

function isContentsList(control: XmlElement): boolean {
  const gallery = childAt(control, 'w:sdtPr', 'w:docPartObj', 'w:docPartGallery')?.attributes['w:val'];
  return gallery === 'Table of Contents';
}

/** Is this content control still empty, showing what to write in it? */
export function showsPlaceholder(control: XmlElement): boolean {
  return childAt(control, 'w:sdtPr', 'w:showingPlcHdr') !== undefined;
}
