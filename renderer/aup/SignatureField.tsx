import { Button, Input, SegmentedControl, TextInput } from '@mantine/core';
import { Eraser } from 'lucide-react';
import { useEffect, useRef } from 'react';
import SignaturePad from 'signature_pad';
import type { DrawnSignature } from '../../src/contract/acceptance.ts';
import { useAppearance } from '../ui/index.ts';
import type { SignatureDraft } from './form-draft.ts';
import { strokesOf } from './signature-strokes.ts';
import { words } from './words.ts';

export interface SignatureFieldProps {
  id: string;
  label: string;
  required: boolean;
  draft: SignatureDraft;
  error: string | null;
  onChange: (draft: SignatureDraft) => void;
}

/** A signature, typed or drawn; switching keeps both. */
export function SignatureField({ id, label, required, draft, error, onChange }: SignatureFieldProps) {
  return (
    <div role="group" aria-labelledby={`${id}-label`} className="signature">
      <div className="signature-head">
        <Input.Label component="span" id={`${id}-label`} required={required}>
          {label}
        </Input.Label>
        <SegmentedControl
          aria-label={words.signature.how}
          size="sm"
          value={draft.how}
          onChange={(how) => onChange({ ...draft, how: how === 'drawn' ? 'drawn' : 'typed' })}
          data={[
            { value: 'typed', label: words.signature.typed },
            { value: 'drawn', label: words.signature.drawn },
          ]}
        />
      </div>
      {draft.how === 'typed' ? (
        <TextInput
          id={id}
          className="signature-typed"
          aria-label={words.signature.typeHere}
          placeholder={words.signature.typeHere}
          autoComplete="off"
          spellCheck={false}
          maxLength={120}
          size="lg"
          value={draft.typed}
          error={error}
          onChange={(event) => onChange({ ...draft, typed: event.currentTarget.value })}
        />
      ) : (
        <DrawingBox id={id} drawn={draft.drawn} error={error} onDrawn={(drawn) => onChange({ ...draft, drawn })} />
      )}
    </div>
  );
}

interface DrawingBoxProps {
  id: string;
  drawn: DrawnSignature | null;
  error: string | null;
  onDrawn: (drawn: DrawnSignature | null) => void;
}

function DrawingBox({ id, drawn, error, onDrawn }: DrawingBoxProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const latest = useRef({ drawn, onDrawn });
  useEffect(() => {
    latest.current = { drawn, onDrawn };
  });
  const { dark, moreContrast } = useAppearance();

  useEffect(() => {
    const box = canvas.current;
    if (box === null) return;
    const penColor = getComputedStyle(box).color;
    const drawing = new SignaturePad(box, { penColor, minWidth: 1, maxWidth: 3 });
    pad.current = drawing;
    const fit = () => {
      const { width, height } = box.getBoundingClientRect();
      const scale = window.devicePixelRatio;
      box.width = Math.round(width * scale);
      box.height = Math.round(height * scale);
      box.getContext('2d')?.scale(scale, scale);
      drawing.clear();
      if (latest.current.drawn !== null) show(drawing, latest.current.drawn, penColor);
    };
    const keep = () => {
      const { width, height } = box.getBoundingClientRect();
      const lines = drawing.toData().map((stroke) => stroke.points);
      latest.current.onDrawn(strokesOf(lines, width, height));
    };
    drawing.addEventListener('endStroke', keep);
    const sizes = new ResizeObserver(fit);
    sizes.observe(box);
    return () => {
      sizes.disconnect();
      drawing.removeEventListener('endStroke', keep);
      drawing.off();
    };
  }, [dark, moreContrast]);

  const describedBy = error === null ? `${id}-hint` : `${id}-hint ${id}-error`;
  return (
    <div>
      <div className="signature-box" data-invalid={error === null ? undefined : true}>
        <canvas
          id={id}
          ref={canvas}
          role="img"
          tabIndex={-1}
          aria-label={`${words.signature.box} ${drawn === null ? words.signature.empty : words.signature.present}.`}
          aria-describedby={describedBy}
        />
        <span className="signature-line" aria-hidden />
      </div>
      <div className="signature-below">
        <span id={`${id}-hint`}>{words.signature.drawHere}</span>
        <Button
          variant="subtle"
          size="sm"
          leftSection={<Eraser aria-hidden size={18} />}
          disabled={drawn === null}
          onClick={() => {
            pad.current?.clear();
            onDrawn(null);
          }}
        >
          {words.signature.clear}
        </Button>
      </div>
      {error !== null && <Input.Error id={`${id}-error`}>{error}</Input.Error>}
    </div>
  );
}

/** Draws kept strokes again, such as after the box changed size or colour. */
function show(pad: SignaturePad, drawn: DrawnSignature, penColor: string): void {
  pad.fromData(
    drawn.strokes.map((stroke) => ({
      points: stroke.map(([x, y], index) => ({ x, y, pressure: 0.5, time: index * 16 })),
      penColor,
      dotSize: 2,
      minWidth: 1,
      maxWidth: 3,
      velocityFilterWeight: 0.7,
      compositeOperation: 'source-over' as const,
    })),
  );
}
