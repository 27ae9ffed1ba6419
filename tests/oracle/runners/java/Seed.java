/*
 * Runs the AWS SDKs for Java in one JVM. For each line of its input {"command", "env", "folder", "seconds"}, it is the program that
 * `command` ("java", ..., family, directory of the SDK's jars) would start: with that environment, home and system properties. Java cannot change
 * its environment, so Seed writes into the map behind System.getenv. The classes of v1 keep credentials and are loaded anew for each case;
 * v2 and the SDK for Kotlin keep them in a chain only, and are loaded once. Answers by a line {"status", "out", "err"}, as seed.py does; after a case that hangs,
 * this JVM ends.
 */
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

public class Seed {
        private static final int SIGALRM = 14;
        private static final PrintStream answers = System.out;
        private static final Map<File, Jars> known = new HashMap<>();
        private static final Map<File, ClassLoader> loaded = new HashMap<>();

        /* The jars of one release: those of the SDK, and the loader of the others. */
        private record Jars(URL[] sdk, ClassLoader others) {
                static Jars in(File directory) {
                        String own = directory.getName().replaceFirst("^[^-]*", "") + ".jar";  /* of java2-2.1.0: -2.1.0.jar */
                        List<URL> sdk = new ArrayList<>(), others = new ArrayList<>();

                        for (File jar : directory.listFiles((d, name) -> name.endsWith(".jar")))
                                (jar.getName().endsWith(own) ? sdk : others).add(url(jar));
                        return new Jars(sdk.toArray(new URL[0]),
                                        new URLClassLoader(others.toArray(new URL[0]), ClassLoader.getPlatformClassLoader()));
                }

                URLClassLoader loader() { return new URLClassLoader(sdk, others); }
        }

        private static URL url(File file) {
                try {
                        return file.toURI().toURL();
                } catch (java.net.MalformedURLException e) {
                        throw new IllegalArgumentException(e);
                }
        }

        /* ---- the SDKs: the key id that their default chain finds ---- */

        private static String java1(ClassLoader loader) throws ReflectiveOperationException {
                Object chain = loader.loadClass("com.amazonaws.auth.DefaultAWSCredentialsProviderChain").getDeclaredConstructor().newInstance();
                Object found = call(loader, chain, "com.amazonaws.auth.AWSCredentialsProvider", "getCredentials");

                return (String) call(loader, found, "com.amazonaws.auth.AWSCredentials", "getAWSAccessKeyId");
        }

        /* A client comes first: it reads the profile files for other settings, and is not made if it cannot. */
        private static String java2(ClassLoader loader) throws Exception {
                String sts = "software.amazon.awssdk.services.sts.StsClient";
                String auth = "software.amazon.awssdk.auth.credentials.";
                Object client = loader.loadClass(sts).getMethod("create").invoke(null);
                Object builder = loader.loadClass(auth + "DefaultCredentialsProvider").getMethod("builder").invoke(null);
                Object chain = call(loader, builder, auth + "DefaultCredentialsProvider$Builder", "build");
                Object found = call(loader, chain, auth + "AwsCredentialsProvider", "resolveCredentials");

                ((AutoCloseable) client).close();
                return (String) call(loader, found, auth + "AwsCredentials", "accessKeyId");
        }

        private static Object call(ClassLoader loader, Object on, String type, String method) throws ReflectiveOperationException {
                return loader.loadClass(type).getMethod(method).invoke(on);
        }

        private interface Chain { String keyId(ClassLoader loader) throws Exception; }

        private static final Map<String, Chain> loadedOnce = Map.of("java2", Seed::java2, "kotlin", Kotlin::keyId);

        private static String told(Chain chain, ClassLoader loader) throws Exception {
                Thread.currentThread().setContextClassLoader(loader);
                try {
                        return "{\"key\": " + Json.quoted(chain.keyId(loader)) + "}";
                } catch (InvocationTargetException e) {
                        return "{\"error\": " + Json.quoted(String.valueOf(e.getCause())) + "}";
                }
        }

        private static String told(String family, File directory) throws Exception {
                Jars jars = known.computeIfAbsent(directory, Jars::in);

                try {
                        if (loadedOnce.containsKey(family))
                                return told(loadedOnce.get(family), loaded.computeIfAbsent(directory, d -> jars.loader()));
                } catch (LinkageError e) {
                        loaded.remove(directory);       /* a class that failed to initialize fails ever after */
                        return "{\"error\": " + Json.quoted(String.valueOf(e.getCause())) + "}";
                }
                try (URLClassLoader loader = jars.loader()) {
                        String told = told(Seed::java1, loader);

                        /* its thread would keep the loader with all its classes */
                        loader.loadClass("com.amazonaws.http.IdleConnectionReaper").getMethod("shutdown").invoke(null);
                        return told;
                } catch (LinkageError e) {
                        return "{\"error\": " + Json.quoted(String.valueOf(e.getCause())) + "}";
                }
        }

        /* ---- what a case sets ---- */

        @SuppressWarnings("unchecked")
        private static void setEnvironment(Map<String, Object> env) throws ReflectiveOperationException {
                Class<?> kept = Class.forName("java.lang.ProcessEnvironment");
                Field field = kept.getDeclaredField("theEnvironment");
                Map<Object, Object> map;

                field.setAccessible(true);
                map = (Map<Object, Object>) field.get(null);
                map.clear();
                for (Map.Entry<String, Object> e : env.entrySet())
                        map.put(bytesOf(kept, "Variable", e.getKey()), bytesOf(kept, "Value", (String) e.getValue()));
        }

        private static Object bytesOf(Class<?> kept, String kind, String text) throws ReflectiveOperationException {
                Method make = Class.forName(kept.getName() + "$" + kind).getMethod("valueOf", String.class);

                make.setAccessible(true);
                return make.invoke(null, text);
        }

        /* As a launched JVM: -Dname=value in JAVA_TOOL_OPTIONS, and HOME where the passwd file has it, too. */
        private static void setProperties(Properties plain, String options, String home) {
                Properties now = new Properties();

                now.putAll(plain);
                now.put("user.home", home);
                for (String option : options.split(" "))
                        if (option.startsWith("-D"))
                                now.put(option.substring(2, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
                System.setProperties(now);
        }

        @SuppressWarnings("unchecked")
        private static String answer(Map<String, Object> asked, Properties plain) throws Exception {
                List<Object> command = (List<Object>) asked.get("command");
                Map<String, Object> env = (Map<String, Object>) asked.get("env");
                int n = command.size();
                FutureTask<String> run = new FutureTask<>(() -> told((String) command.get(n - 2), new File((String) command.get(n - 1))));
                Thread thread = new Thread(run, "case");

                setEnvironment(env);
                setProperties(plain, (String) env.getOrDefault("JAVA_TOOL_OPTIONS", ""), (String) env.getOrDefault("HOME", plain.get("user.home")));
                thread.setDaemon(true);
                thread.start();
                try {
                        return Json.answer(0, run.get(((Number) asked.get("seconds")).longValue(), TimeUnit.SECONDS), "");
                } catch (TimeoutException e) {
                        return Json.answer(-SIGALRM, "", "");
                } catch (java.util.concurrent.ExecutionException e) {
                        return Json.answer(70, "", String.valueOf(e.getCause()));
                }
        }

        public static void main(String[] args) throws Exception {
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                Properties plain = (Properties) System.getProperties().clone();

                java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.OFF);
                System.setOut(new PrintStream(PrintStream.nullOutputStream()));
                System.setErr(System.out);
                if (args.length == 2) {         /* a program of its own, which lives in its own environment */
                        answers.println(told(args[0], new File(args[1])));
                        Runtime.getRuntime().halt(0);
                }
                for (String line; (line = lines.readLine()) != null;) {
                        String told = answer(new Json(line).object(), plain);

                        answers.println(told);
                        answers.flush();
                        if (told.startsWith("{\"status\": -"))
                                Runtime.getRuntime().halt(0);
                }
                Runtime.getRuntime().halt(0);
        }
}
