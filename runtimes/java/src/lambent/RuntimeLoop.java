// AWS's runtime interface client, run over the frame channel in place of its HTTP one.
package lambent;

import com.amazonaws.lambda.thirdparty.com.google.gson.JsonElement;
import com.amazonaws.lambda.thirdparty.com.google.gson.JsonObject;
import com.amazonaws.lambda.thirdparty.com.google.gson.JsonParser;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.api.client.LambdaEnvironment;
import com.amazonaws.services.lambda.runtime.api.client.LambdaRequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.logging.LambdaContextLogger;
import com.amazonaws.services.lambda.runtime.api.client.logging.LogSink;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.DtoSerializers;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.LambdaError;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.LambdaRuntimeApiClient;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.InvocationRequest;
import com.amazonaws.services.lambda.runtime.api.client.util.ConcurrencyConfig;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

final class RuntimeLoop implements LambdaRuntimeApiClient {
    private final Channel channel;
    private boolean ready;
    /** An error that was reported: it is sent once the client has logged it, which it does after reporting. */
    private Runnable unsent;

    /** Sends what was printed without a line break so far. */
    private final Runnable flush;

    private RuntimeLoop(Channel channel, Runnable flush) {
        this.channel = channel;
        this.flush = flush;
    }

    /** Serves until the client gives up after an error that ends the function, and returns the process's exit status. */
    static int run(Channel channel, String handler, Runnable flush) throws Throwable {
        RuntimeLoop loop = new RuntimeLoop(channel, flush);
        LambdaContextLogger logger = new LambdaContextLogger(
                new ChannelLogSink(channel),
                LogLevel.fromString(LambdaEnvironment.LAMBDA_LOG_LEVEL),
                LogFormat.fromString(LambdaEnvironment.LAMBDA_LOG_FORMAT));
        try {
            Object loaded = method("getLambdaRequestHandlerObject", String.class, LambdaContextLogger.class,
                            LambdaRuntimeApiClient.class)
                    .invoke(null, handler, logger, loop);
            method("startRuntimeLoops", LambdaRequestHandler.class, LambdaContextLogger.class, ConcurrencyConfig.class,
                            LambdaRuntimeApiClient.class)
                    .invoke(null, loaded, logger, new ConcurrencyConfig(logger), loop);
        } catch (InvocationTargetException wrapped) {
            throw wrapped.getCause();
        }
        loop.sendUnsent();
        return 1;
    }

    private static Method method(String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = AWSLambda.class.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    private void sendUnsent() {
        Runnable send = unsent;
        unsent = null;
        flush.run();
        if (send != null) send.run();
    }

    @Override
    public InvocationRequest nextInvocation() throws IOException {
        fatal = false;
        sendUnsent();
        fatal = true;
        if (!ready) {
            ready = true;
            channel.send(Channel.READY, "{}".getBytes(StandardCharsets.UTF_8));
        }
        byte[] body = channel.readFrame(Channel.INVOKE);
        int headEnd = 2 + ((body[0] & 0xff) << 8 | (body[1] & 0xff));
        JsonObject head = JsonParser.parseString(new String(body, 2, headEnd - 2, StandardCharsets.UTF_8)).getAsJsonObject();
        InvocationRequest request = new InvocationRequest();
        request.setId(text(head, "requestId"));
        request.setDeadlineTimeInMs((long) head.get("deadlineMs").getAsDouble());
        request.setInvokedFunctionArn(text(head, "invokedFunctionArn"));
        request.setXrayTraceId(text(head, "traceId"));
        request.setClientContext(text(head, "clientContext"));
        request.setCognitoIdentity(text(head, "cognitoIdentity"));
        request.setTenantId(text(head, "tenantId"));
        request.setContent(Arrays.copyOfRange(body, headEnd, body.length));
        return request;
    }

    /** Whether an error that is still unsent has ended the client's loop. */
    private boolean fatal = true;

    private static String text(JsonObject head, String name) {
        JsonElement value = head.get(name);
        return value == null ? null : value.getAsString();
    }

    @Override
    public InvocationRequest nextInvocationWithExponentialBackoff(LambdaContextLogger logger) throws Exception {
        return nextInvocation();
    }

    @Override
    public void reportInvocationSuccess(String requestId, byte[] response) throws IOException {
        flush.run();
        channel.respond(requestId, response);
    }

    @Override
    public void reportInvocationError(String requestId, LambdaError error) {
        byte[] body = DtoSerializers.serialize(error.errorRequest);
        unsent = () -> {
            try {
                channel.fail(Channel.ERROR, requestId, error.errorRequest.errorType, body, fatal);
            } catch (IOException gone) {
                Runtime.getRuntime().halt(0);
            }
        };
    }

    @Override
    public void reportInitError(LambdaError error) throws IOException {
        byte[] body = DtoSerializers.serialize(error.errorRequest);
        flush.run();
        channel.fail(Channel.INIT_ERROR, null, error.errorRequest.errorType, body, true);
    }

    @Override
    public void restoreNext() {
        throw new UnsupportedOperationException("an environment is never restored from a snapshot here");
    }

    @Override
    public void reportRestoreError(LambdaError error) {
        throw new UnsupportedOperationException("an environment is never restored from a snapshot here");
    }

    /** Where the context's logger writes: each call is one record, whatever lines it has. */
    private static final class ChannelLogSink implements LogSink {
        private final Channel channel;

        ChannelLogSink(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void log(byte[] message) {
            boolean ended = message.length > 0 && message[message.length - 1] == '\n';
            channel.log(message, ended ? message.length - 1 : message.length);
        }

        @Override
        public void log(LogLevel level, LogFormat format, byte[] message) {
            log(message);
        }

        @Override
        public void close() {}
    }
}
