// A handler for Rehearsal that lies in a jar.
package warm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

public final class WarmHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        context.getLogger().log("warm");
        System.out.println("warm");
        if (event.containsKey("fail")) throw new IllegalStateException("warm");
        return event;
    }
}
