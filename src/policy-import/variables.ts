import type { Variable } from '../contract/policy.ts';
import { slug } from './identifiers.ts';
import type { Questions } from './questions.ts';
import type { SourceLine } from './source-line.ts';

/** Text of the document and the line it begins on. */
export interface PlacedText {
  readonly text: string;
  readonly at: SourceLine | undefined;
}

const braces = /\{\{\s*([\p{L}][\p{L}\p{N} _.-]{0,60}?)\s*\}\}/gu;
const nameOf =
  /[([<]\s*((?:insert\s+|add\s+|enter\s+|state\s+)?(?:the\s+)?(?:names?|job title|contact details|email address|telephone number)\s+(?:and\s+[\w ]+\s+)?(?:of|for)\s+[^()[\]<>]{2,120}?)\s*[)\]>]/giu;
const insert = /[([<]\s*((?:insert|add|enter|delete as appropriate:?|state)\s+[^()[\]<>]{2,120}?)\s*[)\]>]/giu;
const bracketed =
  /[[<]\s*((?:(?:the\s+)?(?:school|academy|trust|college|head ?teacher|principal|DSL|designated safeguarding lead|ICT|IT|network|business|data protection|date|name|DPO)\b[^()[\]<>:]{0,60}?))\s*[\]>]/giu;

function spaced(name: string): string {
  return name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/[_.-]+/gu, ' ');
}

function meaning(inner: string): string {
  return inner
    .replace(/^(?:please\s+)?(?:insert|add|enter|state)\s+/iu, '')
    .replace(/^(?:the\s+)?names?\s+of\s+(?:the\s+)?/iu, '')
    .trim();
}

/** "[date]" may be a blank, or words that the school put in brackets. */
function isBlank(placeholder: string, at: SourceLine | undefined, questions: Questions): boolean {
  const answer = questions.ask({
    kind: 'blank',
    at,
    saw: placeholder,
    asks: 'Is this a blank for the school to fill in?',
    choices: [
      { answer: 'blank', means: 'it is filled in once, with --set when publishing' },
      { answer: 'text', means: 'it is shown as it stands' },
    ],
    assumed: 'blank',
  });
  return answer === 'blank';
}

/**
 * The blanks a school fills once: "(name of headteacher)", "[insert school name]", "{{ictContact}}".
 * Each exact spelling is one entry; spellings that mean the same share a name.
 */
export function variablesIn(texts: readonly PlacedText[], questions: Questions): Variable[] {
  const found = new Map<string, Variable>();
  const asText = new Set<string>();
  for (const { text, at } of texts) {
    for (const pattern of [braces, nameOf, insert, bracketed]) {
      for (const match of text.matchAll(pattern)) {
        const placeholder = match[0];
        const inner = match[1] ?? '';
        const plain = pattern === braces ? spaced(inner) : meaning(inner);
        const name = slug(plain, 60);
        if (name === '' || found.has(placeholder) || asText.has(placeholder) || placeholder.length > 300) continue;
        if (pattern === bracketed && !isBlank(placeholder, at, questions)) {
          asText.add(placeholder);
          continue;
        }
        const label = plain.charAt(0).toUpperCase() + plain.slice(1);
        found.set(placeholder, { name, label, placeholder });
      }
    }
  }
  const labels = new Map<string, string>();
  return [...found.values()].map((variable) => {
    const label = labels.get(variable.name) ?? variable.label;
    labels.set(variable.name, label);
    return { ...variable, label };
  });
}
