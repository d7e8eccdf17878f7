// A function over AWS's own client for Java.
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

public class Handler implements RequestHandler<Map<String, Object>, Object> {
    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        if ("throw".equals(event.get("do"))) throw new IllegalStateException("no such luck");
        if ("large".equals(event.get("do"))) {
            char[] text = new char[6_000_000];
            Arrays.fill(text, 'x');
            return new String(text);
        }
        Map<String, Object> answer = new HashMap<>();
        answer.put("event", event);
        answer.put("requestId", context.getAwsRequestId());
        answer.put("left", context.getRemainingTimeInMillis());
        return answer;
    }
}
