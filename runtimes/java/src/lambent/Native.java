// The C library through java.lang.foreign, where this Java has it: from 22 on. By reflection, since the code runs on 8 too.
package lambent;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

final class Native {
    private static final String FOREIGN = "java.lang.foreign.";
    private final Object linker;
    private final Object lookup;

    private Native() throws ReflectiveOperationException {
        Class<?> type = Class.forName(FOREIGN + "Linker");
        linker = type.getMethod("nativeLinker").invoke(null);
        lookup = type.getMethod("defaultLookup").invoke(linker);
    }

    static Optional<Native> find() {
        try {
            if (Integer.parseInt(System.getProperty("java.specification.version").replaceFirst("^1\\.", "")) < 22) {
                return Optional.empty();
            }
            return Optional.of(new Native());
        } catch (ReflectiveOperationException | RuntimeException missing) {
            return Optional.empty();
        }
    }

    void changeDirectory(String folder) {
        call("chdir", folder);
    }

    void clearEnvironment() {
        call("clearenv");
    }

    void setVariable(String name, String value) {
        call("setenv", name, value, 1);
    }

    /** Calls a function that returns an int and takes strings and ints; what it returns is of no interest. */
    private void call(String name, Object... arguments) {
        try (AutoCloseable arena = (AutoCloseable) Class.forName(FOREIGN + "Arena").getMethod("ofConfined").invoke(null)) {
            Class<?> layout = Class.forName(FOREIGN + "MemoryLayout");
            Class<?> values = Class.forName(FOREIGN + "ValueLayout");
            Object integer = values.getField("JAVA_INT").get(null);
            Object address = values.getField("ADDRESS").get(null);
            Object layouts = Array.newInstance(layout, arguments.length);
            Object[] passed = new Object[arguments.length];
            Method allocate = Class.forName(FOREIGN + "SegmentAllocator").getMethod("allocateFrom", String.class);
            for (int at = 0; at < arguments.length; at++) {
                boolean text = arguments[at] instanceof String;
                Array.set(layouts, at, text ? address : integer);
                passed[at] = text ? allocate.invoke(arena, arguments[at]) : arguments[at];
            }
            Class<?> descriptor = Class.forName(FOREIGN + "FunctionDescriptor");
            Object signature = descriptor.getMethod("of", layout, layouts.getClass()).invoke(null, integer, layouts);
            Class<?> segment = Class.forName(FOREIGN + "MemorySegment");
            Optional<?> symbol = (Optional<?>) Class.forName(FOREIGN + "SymbolLookup")
                    .getMethod("find", String.class)
                    .invoke(lookup, name);
            Class<?> option = Class.forName(FOREIGN + "Linker$Option");
            MethodHandle handle = (MethodHandle) Class.forName(FOREIGN + "Linker")
                    .getMethod("downcallHandle", segment, descriptor, Array.newInstance(option, 0).getClass())
                    .invoke(linker, symbol.get(), signature, Array.newInstance(option, 0));
            handle.invokeWithArguments(passed);
        } catch (Throwable refused) {
            // The function then has what Java alone could give it.
        }
    }
}
