// Plays, before the function is known, what its first moments will be: classes are then loaded, and code is warm.
package lambent;

import com.amazonaws.lambda.thirdparty.com.google.gson.JsonObject;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

final class Rehearsal {
    /** Classes of the runtime interface client that read the environment when they are initialised, which is not ours yet. */
    private static final String[] onlyLoaded = {
        "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
        "com.amazonaws.services.lambda.runtime.api.client.LambdaEnvironment",
        "com.amazonaws.services.lambda.runtime.api.client.PojoSerializerLoader",
        "com.amazonaws.services.lambda.runtime.api.client.CustomerClassLoader",
        "com.amazonaws.services.lambda.runtime.api.client.HandlerInfo",
        "com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader",
        "com.amazonaws.services.lambda.runtime.api.client.UserFault",
        "com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext",
        "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.converters.XRayErrorCauseConverter",
        "com.amazonaws.services.lambda.runtime.LambdaRuntime",
    };

    private Rehearsal() {}

    /** What can be done in a process that will become a function. */
    static void warmUp() throws Exception {
        for (String name : onlyLoaded) Class.forName(name, false, Rehearsal.class.getClassLoader());
        serialize(GsonFactory.getInstance().getSerializer(Map.class));
        serialize(JacksonFactory.getInstance().getSerializer(Map.class));
        File folder = new File(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().getPath()).getParentFile();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toURI().toURL()}, Rehearsal.class.getClassLoader())) {
            Class<?> handler = loader.loadClass(WarmHandler.class.getName());
            handler.getMethods();
            handler.getDeclaredConstructor().newInstance();
        }
        String.format("%s %d", "warm", 1);
        Native.find().ifPresent(system -> {
            system.changeDirectory("/");
            system.setVariable("WARM", "up");
            system.clearEnvironment();
        });
    }

    private static void serialize(PojoSerializer<Map> serializer) {
        byte[] json = "{\"warm\":[1,2.5,null,\"up\"]}".getBytes(StandardCharsets.UTF_8);
        Map<?, ?> value = serializer.fromJson(new ByteArrayInputStream(json));
        serializer.toJson((Map) value, new ByteArrayOutputStream());
    }

    /** A whole life, in a process that ends with it: what an archive of classes is made of. `folder` is empty. */
    static void play(String folder) throws Throwable {
        warmUp();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frames);
        for (String event : new String[] {"{\"warm\":[1,null,\"up\"]}", "{\"fail\":true}"}) {
            byte[] head = "{\"requestId\":\"warm\",\"deadlineMs\":0,\"invokedFunctionArn\":\"arn\",\"traceId\":\"Root=1\"}"
                    .getBytes(StandardCharsets.UTF_8);
            byte[] payload = event.getBytes(StandardCharsets.UTF_8);
            out.writeInt(3 + head.length + payload.length);
            out.writeByte(Channel.INVOKE);
            out.writeShort(head.length);
            out.write(head);
            out.write(payload);
        }
        Channel channel = new Channel(new EndingInput(frames.toByteArray()), new OutputStream() {
            @Override
            public void write(int value) {}

            @Override
            public void write(byte[] bytes, int offset, int length) {}
        });
        JsonObject assignment = new JsonObject();
        JsonObject env = new JsonObject();
        env.addProperty("AWS_LAMBDA_FUNCTION_NAME", "warm");
        assignment.add("env", env);
        assignment.addProperty("taskRoot", folder);
        assignment.addProperty("handler", WarmHandler.class.getName() + "::handleRequest");
        Bootstrap.become(channel, assignment, true);
    }

    /** Ends the process in good order when all is read: what is archived is archived then. */
    private static final class EndingInput extends ByteArrayInputStream {
        EndingInput(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            int read = super.read(bytes, offset, length);
            if (read == -1) System.exit(0);
            return read;
        }
    }
}
