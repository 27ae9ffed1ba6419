/*
 * Asks the AWS SDK for Kotlin for the key id that its default chain finds. Java can call a suspend function: it is a method with a
 * continuation as its last argument, which runBlocking gives to a lambda that takes one. Everything is of the release's own loader.
 */
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

class Kotlin {
        private static final String CREDENTIALS = "aws.sdk.kotlin.runtime.auth.credentials.";
        private static final String CLIENTS = "aws.sdk.kotlin.runtime.config.AbstractAwsSdkClientFactory";
        private static final String HTTP = "aws.smithy.kotlin.runtime.http.engine.";
        /* Which of the four parameters of DefaultChainCredentialsProvider have their defaults: all but the third, the HTTP engine. */
        private static final int ALL_BUT_ENGINE = 0b1011;
        private static final long READ_TIMEOUT_S = 3;
        private final ClassLoader loader;

        private Kotlin(ClassLoader loader) { this.loader = loader; }

        /* A client comes first, as programs make one: it reads the profile files for other settings, and is not made if it cannot. */
        static String keyId(ClassLoader loader) throws Exception {
                Kotlin kotlin = new Kotlin(loader);
                Object factory = kotlin.type(CREDENTIALS + "internal.sts.StsClient").getField("Companion").get(null);
                AutoCloseable client = (AutoCloseable) kotlin.await(factory, CLIENTS, "fromEnvironment", null);

                try (client; AutoCloseable engine = kotlin.engine(); AutoCloseable chain = kotlin.chain(engine)) {
                        Object none = kotlin.type("aws.smithy.kotlin.runtime.collections.AttributesKt").getMethod("emptyAttributes").invoke(null);
                        Object found = kotlin.await(chain, CREDENTIALS + "DefaultChainCredentialsProvider", "resolve", none);

                        return (String) kotlin.type("aws.smithy.kotlin.runtime.auth.awscredentials.Credentials").getMethod("getAccessKeyId").invoke(found);
                }
        }

        private Class<?> type(String name) throws ClassNotFoundException { return loader.loadClass(name); }

        private Method method(String type, String name) throws ClassNotFoundException {
                return Arrays.stream(type(type).getMethods()).filter(m -> m.getName().equals(name) && !m.isBridge()).findFirst().orElseThrow();
        }

        /* The SDK waits for half a minute for each of three answers, which is no news: three seconds are enough for a busy machine. */
        private AutoCloseable engine() throws Exception {
                Method set = Arrays.stream(type(HTTP + "HttpClientEngineConfig$Builder").getMethods())
                        .filter(m -> m.getName().startsWith("setSocketReadTimeout")).findFirst().orElseThrow();
                Object unit = type("kotlin.time.DurationUnit").getField("SECONDS").get(null);
                Object timeout = type("kotlin.time.DurationKt").getMethod("toDuration", long.class, unit.getClass()).invoke(null, READ_TIMEOUT_S, unit);
                Object configure = lambda("Function1", arguments -> {
                        set.invoke(arguments[0], timeout);
                        return type("kotlin.Unit").getField("INSTANCE").get(null);
                });

                return (AutoCloseable) method(HTTP + "DefaultHttpEngineKt", "DefaultHttpEngine").invoke(null, configure);
        }

        private AutoCloseable chain(AutoCloseable engine) throws Exception {
                return (AutoCloseable) type(CREDENTIALS + "DefaultChainCredentialsProvider").getConstructor(String.class,
                        type("aws.smithy.kotlin.runtime.util.PlatformProvider"), type(HTTP + "HttpClientEngine"), String.class, int.class,
                        type("kotlin.jvm.internal.DefaultConstructorMarker")).newInstance(null, null, engine, null, ALL_BUT_ENGINE, null);
        }

        private interface Body { Object run(Object[] arguments) throws Exception; }

        private Object lambda(String kind, Body body) throws ClassNotFoundException {
                return Proxy.newProxyInstance(loader, new Class<?>[] { type("kotlin.jvm.functions." + kind) }, (proxy, called, arguments) -> {
                        try {
                                return body.run(arguments);
                        } catch (InvocationTargetException e) {
                                throw e.getCause();
                        }
                });
        }

        /* Calls a suspend function of one argument, and waits for what it returns. */
        private Object await(Object on, String type, String name, Object argument) throws Exception {
                Method suspended = method(type, name);
                Object context = type("kotlin.coroutines.EmptyCoroutineContext").getField("INSTANCE").get(null);

                return type("kotlinx.coroutines.BuildersKt").getMethod("runBlocking", type("kotlin.coroutines.CoroutineContext"), type("kotlin.jvm.functions.Function2"))
                        .invoke(null, context, lambda("Function2", arguments -> suspended.invoke(on, argument, arguments[1])));
        }
}
