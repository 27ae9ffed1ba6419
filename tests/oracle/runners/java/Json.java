/* As much of JSON as the lines between world.py and Seed have: objects, arrays, strings and integers. */
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class Json {
        private final String text;
        private int at;

        Json(String text) { this.text = text; }

        @SuppressWarnings("unchecked")
        Map<String, Object> object() { return (Map<String, Object>) value(); }

        private Object value() {
                switch (next()) {
                case '{':
                        return members();
                case '[':
                        return elements();
                case '"':
                        return string();
                default:
                        return number();
                }
        }

        /* The next character that is no blank; it stays unread. */
        private char next() {
                while (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == ',' || text.charAt(at) == ':')
                        at++;
                return text.charAt(at);
        }

        private Map<String, Object> members() {
                Map<String, Object> found = new LinkedHashMap<>();

                for (at++; next() != '}';) {
                        String name = string();

                        found.put(name, value());
                }
                at++;
                return found;
        }

        private List<Object> elements() {
                List<Object> found = new ArrayList<>();

                for (at++; next() != ']';)
                        found.add(value());
                at++;
                return found;
        }

        private Object number() {
                int from = at;

                while (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')
                        at++;
                return Long.valueOf(text.substring(from, at));
        }

        private String string() {
                StringBuilder s = new StringBuilder();

                for (at++; text.charAt(at) != '"'; at++)
                        s.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
                at++;
                return s.toString();
        }

        private char escaped() {
                char c = text.charAt(++at);
                int meant = "bfnrt".indexOf(c);

                if (c != 'u')
                        return meant < 0 ? c : "\b\f\n\r\t".charAt(meant);
                at += 4;
                return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
        }

        static String quoted(String s) {
                StringBuilder out = new StringBuilder("\"");

                for (char c : String.valueOf(s).toCharArray())
                        out.append(c == '"' || c == '\\' ? "\\" + c : c < ' ' || c > '~' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
                return out.append('"').toString();
        }

        static String answer(int status, String out, String err) {
                return "{\"status\": " + status + ", \"out\": " + quoted(out) + ", \"err\": " + quoted(err) + "}";
        }
}
