// What a process has once and for all in Java, moved to the function's nevertheless: environment, working directory, zone.
package lambent;

import java.lang.reflect.Field;
import java.security.Security;
import java.util.Map;
import java.util.TimeZone;

final class ProcessState {
    private ProcessState() {}

    /** Makes `env` what System.getenv and child processes see; native code sees it from Java 22 on. */
    static void replaceEnvironment(Map<String, String> env) throws ReflectiveOperationException {
        Map<String, String> variables = variables();
        variables.clear();
        variables.putAll(env);
        String zone = env.getOrDefault("TZ", ":UTC");
        if (!zone.equals(":UTC")) TimeZone.setDefault(TimeZone.getTimeZone(zone.replaceFirst("^:", "")));
        // AWS's client sets it as well, but only once in a process, and here that was when there was no function yet.
        String negativeTtl = env.get("AWS_LAMBDA_JAVA_NETWORKADDRESS_CACHE_NEGATIVE_TTL");
        if (negativeTtl != null) Security.setProperty("networkaddress.cache.negative.ttl", negativeTtl);
        Native.find().ifPresent(system -> {
            system.clearEnvironment();
            env.forEach(system::setVariable);
        });
    }

    static void forgetVariable(String name) throws ReflectiveOperationException {
        variables().remove(name);
    }

    /**
     * Relative paths of java.nio follow the property in any version; those of java.io follow the process, which can be
     * moved from Java 22 on.
     */
    static void changeDirectory(String folder) {
        System.setProperty("user.dir", folder);
        Native.find().ifPresent(system -> system.changeDirectory(folder));
    }

    /** The map behind the unmodifiable one that System.getenv() returns. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> variables() throws ReflectiveOperationException {
        Map<String, String> visible = System.getenv();
        Field field = visible.getClass().getDeclaredField("m");
        field.setAccessible(true);
        return (Map<String, String>) field.get(visible);
    }
}
