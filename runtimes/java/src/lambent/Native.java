// The C library through java.lang.foreign, where this Java has it: from 22 on. By reflection, since the code runs on 8 too.
package lambent;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

final class Native {
    private static final String FOREIGN = "java.lang.foreign.";
    private static Optional<Native> found;

    private final MethodHandle chdir = function("chdir", "ADDRESS");
    private final MethodHandle clearenv = function("clearenv");
    private final MethodHandle setenv = function("setenv", "ADDRESS", "ADDRESS", "JAVA_INT");
    private final Method arenas = type("Arena").getMethod("ofConfined");
    private final Method allocate = type("SegmentAllocator").getMethod("allocateFrom", String.class);

    private Native() throws ReflectiveOperationException {}

    /** Looked up once, which takes the JVM a tenth of a second. */
    static Optional<Native> find() {
        if (found == null) found = look();
        return found;
    }

    private static Optional<Native> look() {
        try {
            Class.forName(FOREIGN + "Linker");
            String version = System.getProperty("java.specification.version");
            return version.startsWith("1.") || Integer.parseInt(version) < 22 ? Optional.empty() : Optional.of(new Native());
        } catch (ReflectiveOperationException | RuntimeException missing) {
            return Optional.empty();
        }
    }

    void changeDirectory(String folder) {
        call(chdir, folder);
    }

    void clearEnvironment() {
        call(clearenv);
    }

    void setVariable(String name, String value) {
        call(setenv, name, value, 1);
    }

    /** What the functions return is of no interest: the process then has what Java alone could give it. */
    private void call(MethodHandle handle, Object... arguments) {
        try (AutoCloseable arena = (AutoCloseable) arenas.invoke(null)) {
            for (int at = 0; at < arguments.length; at++) {
                if (arguments[at] instanceof String) arguments[at] = allocate.invoke(arena, arguments[at]);
            }
            handle.invokeWithArguments(arguments);
        } catch (Throwable refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** A handle of the C function, which returns an int; `layouts` are names of ValueLayout. */
    private static MethodHandle function(String name, String... layouts) throws ReflectiveOperationException {
        Object linker = type("Linker").getMethod("nativeLinker").invoke(null);
        Object lookup = type("Linker").getMethod("defaultLookup").invoke(linker);
        Object parameters = Array.newInstance(type("MemoryLayout"), layouts.length);
        for (int at = 0; at < layouts.length; at++) {
            Array.set(parameters, at, type("ValueLayout").getField(layouts[at]).get(null));
        }
        Object result = type("ValueLayout").getField("JAVA_INT").get(null);
        Object signature = type("FunctionDescriptor")
                .getMethod("of", type("MemoryLayout"), parameters.getClass())
                .invoke(null, result, parameters);
        Optional<?> symbol = (Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(lookup, name);
        Object options = Array.newInstance(type("Linker$Option"), 0);
        return (MethodHandle) type("Linker")
                .getMethod("downcallHandle", type("MemorySegment"), type("FunctionDescriptor"), options.getClass())
                .invoke(linker, symbol.get(), signature, options);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(FOREIGN + name);
    }
}
