// The byte stream below System.out or System.err: each line becomes one record, in order with the answer.
package lambent;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

final class LineOutput extends OutputStream {
    private final Channel channel;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    LineOutput(Channel channel) {
        this.channel = channel;
    }

    @Override
    public synchronized void write(int value) {
        if (value == '\n') end();
        else rest.write(value);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int start = offset;
        for (int at = offset; at < offset + length; at++) {
            if (bytes[at] != '\n') continue;
            rest.write(bytes, start, at - start);
            end();
            start = at + 1;
        }
        rest.write(bytes, start, offset + length - start);
    }

    /** Sends what was printed without a line break so far. */
    synchronized void sendRest() {
        if (rest.size() > 0) end();
    }

    private void end() {
        byte[] line = rest.toByteArray();
        rest.reset();
        channel.log(line, line.length);
    }
}
