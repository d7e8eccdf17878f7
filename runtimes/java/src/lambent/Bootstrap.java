// Lambent's Java runtime: boots ahead of need, becomes one function, and serves its invocations over the frame channel.
//
// Handlers are loaded and called, and events, answers and errors written, by AWS's own runtime interface client; only its
// way to the platform is ours. The JVM starts before it is known which function it will serve: what it reads only while
// starting (JAVA_TOOL_OPTIONS and its like) makes the platform start a JVM for the function alone, which finds its
// assignment in LAMBENT_ASSIGNMENT.
package lambent;

import com.amazonaws.lambda.thirdparty.com.google.gson.JsonObject;
import com.amazonaws.lambda.thirdparty.com.google.gson.JsonParser;
import com.amazonaws.services.lambda.runtime.api.client.LambdaEnvironment;
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

public final class Bootstrap {
    private Bootstrap() {}

    public static void main(String[] arguments) throws Throwable {
        if (arguments.length == 1 && arguments[0].equals("rehearse")) {
            Rehearsal.play();
            System.exit(0);
        }
        Channel channel = Channel.open(3);
        String given = System.getenv("LAMBENT_ASSIGNMENT");
        JsonObject assignment;
        if (given == null) {
            Rehearsal.play();
            System.gc();
            channel.send(Channel.BOOTED, "{}".getBytes(StandardCharsets.UTF_8));
            assignment = JsonParser.parseString(new String(channel.readFrame(Channel.ASSIGN), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } else {
            assignment = JsonParser.parseString(given).getAsJsonObject();
        }
        System.exit(become(channel, assignment, given == null));
    }

    /**
     * Turns this process into the function that `assignment`, an AssignFrame, describes, and serves it to its end. Returns
     * the process's exit status.
     */
    static int become(Channel channel, JsonObject assignment, boolean moved) throws Throwable {
        if (moved) {
            Map<String, String> env = new HashMap<>();
            assignment.getAsJsonObject("env").entrySet().forEach(e -> env.put(e.getKey(), e.getValue().getAsString()));
            ProcessState.replaceEnvironment(env);
            ProcessState.changeDirectory(assignment.get("taskRoot").getAsString());
        } else {
            ProcessState.forgetVariable("LAMBENT_ASSIGNMENT");
        }
        System.setIn(new ByteArrayInputStream(new byte[0]));
        LineOutput out = new LineOutput(channel);
        LineOutput err = new LineOutput(channel);
        System.setOut(new PrintStream(out, true, "UTF-8"));
        System.setErr(new PrintStream(err, true, "UTF-8"));
        LambdaEnvironment.read();
        return RuntimeLoop.run(channel, assignment.get("handler").getAsString(), () -> {
            out.sendRest();
            err.sendRest();
        });
    }
}
