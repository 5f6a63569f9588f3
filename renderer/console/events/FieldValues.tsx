import { signatureValue } from '../../../src/contract/acceptance.ts';
import { instant } from '../../../src/contract/primitives.ts';
import { Signature } from '../acceptances/Signature.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { fieldWords } from './field-words.ts';
import styles from './events.module.css';

const longHexadecimal = /^[0-9a-f]{32,}$/;

/** Every field of a plain value, however deep, as labels and values. Nothing is left out. */
export function FieldValues({ value }: { value: object }) {
  return (
    <Facts>
      {Object.entries(value).map(([name, one]) => (
        <Fact key={name} label={fieldWords(name)}>
          <FieldValue value={one} label={fieldWords(name)} />
        </Fact>
      ))}
    </Facts>
  );
}

function FieldValue({ value, label }: { value: unknown; label: string }) {
  if (value === null || value === undefined) return <span className={styles['none']}>none</span>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString('en-GB');
  if (typeof value === 'string') return <FieldText text={value} label={label} />;
  if (Array.isArray(value)) return <FieldList values={value} label={label} />;
  if (typeof value === 'object') {
    const signature = signatureValue.safeParse(value);
    if (signature.success) return <Signature signature={signature.data} />;
    return (
      <div className={styles['nested']}>
        <FieldValues value={value} />
      </div>
    );
  }
  return null;
}

function FieldText({ text, label }: { text: string; label: string }) {
  if (text === '') return <span className={styles['none']}>empty</span>;
  if (longHexadecimal.test(text)) return <Hash value={text} what={label.toLowerCase()} />;
  if (instant.safeParse(text).success) return <Moment at={text} as="seconds" />;
  return text;
}

function FieldList({ values, label }: { values: unknown[]; label: string }) {
  if (values.length === 0) return <span className={styles['none']}>none</span>;
  if (values.every((one) => typeof one === 'string')) return values.join(', ');
  return (
    <ul className={styles['fieldList']}>
      {values.map((one, place) => (
        <li key={place}>
          <FieldValue value={one} label={label} />
        </li>
      ))}
    </ul>
  );
}
