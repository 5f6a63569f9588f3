import type { AssessmentDocument, Block } from './assessment.ts';
import { documentFoot, documentHead, escaped } from './markup.ts';

const row = (tag: 'td' | 'th', cells: readonly string[]) =>
  `<tr>${cells.map((one) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escaped(one)}</${tag}>`).join('')}</tr>`;

function blockMarkup(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'table':
      return `<table><thead>${row('th', block.head)}</thead><tbody>${block.rows.map((cells) => row('td', cells)).join('')}</tbody></table>`;
    case 'answer':
      return `<div class="answer"><span class="soft">${escaped(block.prompt)}</span></div>`;
  }
}

export function assessmentHtml({ title, blocks }: AssessmentDocument): string {
  return `${documentHead(title)}<h1>${escaped(title)}</h1>\n${blocks.map(blockMarkup).join('\n')}\n${documentFoot}`;
}
