// The function's end of the frame channel; the wire format is described in src/sandbox/frames.ts.
package lambent;

import com.amazonaws.lambda.thirdparty.com.google.gson.JsonObject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

final class Channel {
    static final int ASSIGN = 1;
    static final int INVOKE = 2;
    static final int BOOTED = 16;
    static final int READY = 17;
    static final int INIT_ERROR = 18;
    static final int RESPONSE = 19;
    static final int ERROR = 20;
    static final int LOG = 21;

    private static final int MAX_FRAME_BYTES = 64 * 1024 * 1024;
    /** Payloads near the frame limit are cut here; AWS's own limit, which is far lower, is the platform's to keep. */
    private static final int MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

    private final DataInputStream in;
    private final OutputStream out;

    Channel(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, 16384));
        this.out = out;
    }

    static Channel open(int number) throws Exception {
        Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(Integer.TYPE);
        constructor.setAccessible(true);
        FileDescriptor descriptor = constructor.newInstance(number);
        return new Channel(new FileInputStream(descriptor), new FileOutputStream(descriptor));
    }

    /** The body of the next frame of `type`; others are passed over. Ends the process when the platform has gone. */
    byte[] readFrame(int type) throws IOException {
        for (;;) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException | java.net.SocketException gone) {
                Runtime.getRuntime().halt(0);
                return null;
            }
            if (length < 1 || length > MAX_FRAME_BYTES) throw new IOException("frame of " + length + " bytes");
            int found = in.readUnsignedByte();
            byte[] body = new byte[length - 1];
            in.readFully(body);
            if (found == type) return body;
        }
    }

    synchronized void send(int type, byte[] body) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(5 + body.length);
        frame.putInt(1 + body.length).put((byte) type).put(body);
        out.write(frame.array());
    }

    synchronized void send(int type, String head, byte[] payload, int length) throws IOException {
        byte[] headBytes = head.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(7 + headBytes.length + length);
        frame.putInt(3 + headBytes.length + length).put((byte) type).putShort((short) headBytes.length);
        frame.put(headBytes).put(payload, 0, length);
        out.write(frame.array());
    }

    /** One record of the log, without its final line break. */
    void log(byte[] text, int length) {
        // The head is written by hand: the function logs more often than it does anything else.
        String head = "{\"time\":" + System.currentTimeMillis() + "}";
        try {
            send(LOG, head, text, Math.min(length, MAX_PAYLOAD_BYTES));
        } catch (IOException gone) {
            Runtime.getRuntime().halt(0);
        }
    }

    void respond(String requestId, byte[] payload) throws IOException {
        if (payload.length > MAX_PAYLOAD_BYTES) {
            String type = "Function.ResponseSizeTooLarge";
            String text = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
            String body = "{\"errorMessage\":\"" + text + "\",\"errorType\":\"" + type + "\"}";
            fail(ERROR, requestId, type, body.getBytes(StandardCharsets.UTF_8), false);
            return;
        }
        JsonObject head = new JsonObject();
        head.addProperty("requestId", requestId);
        send(RESPONSE, head.toString(), payload, payload.length);
    }

    /** `requestId` is null at init; `fatal` says that the process ends after this frame. */
    void fail(int frameType, String requestId, String errorType, byte[] body, boolean fatal) throws IOException {
        JsonObject head = new JsonObject();
        if (requestId != null) head.addProperty("requestId", requestId);
        head.addProperty("errorType", errorType);
        if (fatal) head.addProperty("fatal", true);
        send(frameType, head.toString(), body, body.length);
    }
}
