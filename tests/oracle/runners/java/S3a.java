/* Prints the key id that Hadoop's S3A signs with, or its error, by the list of providers that it has without a configuration. */
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;

public class S3a {
        private static final String PACKAGE = "org.apache.hadoop.fs.s3a.";

        private static Object call(Object on, String method) throws ReflectiveOperationException {
                Method m = on.getClass().getMethod(method);

                m.setAccessible(true);
                return m.invoke(on);
        }

        private static Object providers(String type, String method) throws ReflectiveOperationException {
                Class<?> configuration = Class.forName("org.apache.hadoop.conf.Configuration");

                return Class.forName(PACKAGE + type).getMethod(method, URI.class, configuration)
                        .invoke(null, URI.create("s3a://bucket"), configuration.getConstructor(boolean.class).newInstance(false));
        }

        /* Since 3.4 it has version 2 of the SDK. */
        private static Object keyId() throws ReflectiveOperationException {
                Object list;

                try {
                        list = providers("auth.CredentialProviderListFactory", "createAWSCredentialProviderList");
                } catch (ClassNotFoundException e) {
                        list = providers("S3AUtils", "createAWSCredentialProviderSet");
                        return call(call(list, "getCredentials"), "getAWSAccessKeyId");
                }
                return call(call(list, "resolveCredentials"), "accessKeyId");
        }

        public static void main(String[] args) throws ReflectiveOperationException {
                String told;

                try {
                        told = "{\"key\": " + Json.quoted(String.valueOf(keyId())) + "}";
                } catch (InvocationTargetException e) {
                        told = "{\"error\": " + Json.quoted(String.valueOf(e.getCause())) + "}";
                }
                System.out.println(told);
                System.exit(0);
        }
}
