import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import type { MessageBus } from '@jellybrick/dbus-next';

/**
 * The library reads messages in a listener of its stream, and throws there at bytes that are no message, which would end
 * the whole program. This catches what that listener throws and closes the stream with it instead.
 * @throws Error when the library no longer keeps its stream where this looks for it.
 */
export function guardAgainstNonsense(bus: MessageBus, onNonsense: (error: unknown) => void): void {
  const connection: unknown = Reflect.get(bus, '_connection');
  if (!(connection instanceof EventEmitter)) throw new Error('The D-Bus library has no connection to guard');
  // Emitted right before the listener is added; the stream is there from the connection's own start.
  connection.once('connect', () => {
    const stream: unknown = Reflect.get(connection, 'stream');
    if (!(stream instanceof Duplex)) return onNonsense(new Error('The D-Bus library has no stream to guard'));
    const emit = stream.emit.bind(stream);
    stream.emit = (name: string | symbol, ...values: unknown[]): boolean => {
      try {
        return emit(name, ...values);
      } catch (error) {
        stream.destroy();
        onNonsense(error);
        return true;
      }
    };
  });
}
