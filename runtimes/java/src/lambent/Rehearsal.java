// Plays, before the function is known, what its first moments will be: classes are then loaded, and code is warm.
//
// This is most of what a cold start takes. What it leaves in AWS's runtime interface client that another function must
// not see is undone at the end; LambdaEnvironment is ours, and read again.
package lambent;

import com.amazonaws.lambda.thirdparty.com.google.gson.JsonObject;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader;
import com.amazonaws.services.lambda.runtime.api.client.PojoSerializerLoader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;

final class Rehearsal {
    private static final String handling = "warm.WarmHandler::handleRequest";

    private Rehearsal() {}

    /** Becomes functions one after the other, none of which leaves a trace. */
    static void play() throws Throwable {
        // Looked at by Java now: what it looks at must not be gone.
        System.getenv();
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        File jar = new File(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String taskRoot = new File(jar.getParentFile(), "warm").getPath();
        try {
            become(taskRoot, handling, "TEXT", "{\"warm\":[1,2.5,null,\"up\"]}", "{\"fail\":true}");
            become(taskRoot, handling, "JSON", "{\"warm\":{\"up\":true}}");
            become(taskRoot, "warm.WarmMethods::answer", "TEXT", "{\"text\":\"warm\",\"numbers\":[1]}");
            become(taskRoot, "warm.WarmMethods::greet", "TEXT", "\"warm\"");
            become(taskRoot, "warm.WarmStream", "TEXT", "{\"warm\":\"up\"}");
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
            Thread.currentThread().setContextClassLoader(loader);
            System.clearProperty("com.amazonaws.xray.traceHeader");
            ProcessState.changeDirectory("/");
        }
    }

    private static void become(String taskRoot, String handler, String logFormat, String... events) throws Throwable {
        JsonObject env = new JsonObject();
        env.addProperty("AWS_LAMBDA_FUNCTION_NAME", "warm");
        env.addProperty("AWS_LAMBDA_LOG_FORMAT", logFormat);
        JsonObject assignment = new JsonObject();
        assignment.add("env", env);
        assignment.addProperty("taskRoot", taskRoot);
        assignment.addProperty("handler", handler);
        try {
            Bootstrap.become(new Channel(new Script(frames(events)), new Nowhere()), assignment, true);
        } catch (Over over) {
            forget();
        }
    }

    private static byte[] frames(String[] events) throws IOException {
        byte[] head = "{\"requestId\":\"warm\",\"deadlineMs\":0,\"invokedFunctionArn\":\"arn\",\"traceId\":\"Root=1\"}"
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frames);
        for (String event : events) {
            byte[] payload = event.getBytes(StandardCharsets.UTF_8);
            out.writeInt(3 + head.length + payload.length);
            out.writeByte(Channel.INVOKE);
            out.writeShort(head.length);
            out.write(head);
            out.write(payload);
        }
        return frames.toByteArray();
    }

    /** The function may bring a serializer of its own, which is looked for once, and whose results are kept by type. */
    private static void forget() throws ReflectiveOperationException, IOException {
        Method loader = AWSLambda.class.getDeclaredMethod("getCustomerClassLoader");
        loader.setAccessible(true);
        ((URLClassLoader) loader.invoke(null)).close();
        field(AWSLambda.class, "customerClassLoader").set(null, null);
        field(PojoSerializerLoader.class, "customPojoSerializer").set(null, null);
        field(PojoSerializerLoader.class, "initialized").setBoolean(null, false);
        ((ThreadLocal<?>) field(EventHandlerLoader.class, "typeCache").get(null)).remove();
    }

    private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Thrown where the next invocation would be read. */
    private static final class Over extends Error {
        private static final long serialVersionUID = 1;

        Over() {
            super(null, null, false, false);
        }
    }

    private static final class Script extends ByteArrayInputStream {
        Script(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            int read = super.read(bytes, offset, length);
            if (read == -1) throw new Over();
            return read;
        }
    }

    private static final class Nowhere extends OutputStream {
        @Override
        public void write(int value) {}

        @Override
        public void write(byte[] bytes, int offset, int length) {}
    }
}
