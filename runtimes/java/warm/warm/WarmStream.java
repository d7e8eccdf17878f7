// A handler of streams for Rehearsal, in a class file of its own.
package warm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public final class WarmStream implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        byte[] buffer = new byte[64];
        for (int read; (read = input.read(buffer)) != -1; ) output.write(buffer, 0, read);
        System.err.println("warm");
    }
}
