import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Opens the page in headless Chromium over the WebDriver protocol, changes the cluster by kubectl,
 * and looks whether the page shows it. One file on the JDK alone, run from its source.
 *
 * <p>Confined to the main thread.
 */
public final class PageCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NAME = "page-check";

  /** An image name that would change the title if any text became markup. */
  private static final String MARKUP = "<img/src=x/onerror=document.title='broken'>";

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> failures = new ArrayList<>();
  private final URI driver;
  private final Path profile;
  private String session = "";

  private PageCheck(URI driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  public static void main(String[] args) throws Exception {
    System.exit(holds(args) ? 0 : 1);
  }

  private static boolean holds(String[] args) throws Exception {
    Path profile = Files.createTempDirectory("page-check");
    Process process =
        new ProcessBuilder("chromedriver", "--port=0")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    try {
      PageCheck check = new PageCheck(address(process), profile);
      check.run(args[0], args.length > 1 ? Path.of(args[1]) : null);
      check.failures.forEach(failure -> System.out.println("FAILED: " + failure));
      System.out.println("the page in a browser: " + (check.failures.isEmpty() ? "ok" : "differs"));
      return check.failures.isEmpty();
    } finally {
      List<ProcessHandle> browsers = process.descendants().toList();
      browsers.forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor();
      browsers.forEach(browser -> browser.onExit().join());
      try (Stream<Path> files = Files.walk(profile)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  private static URI address(Process process) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher port = Pattern.compile("started successfully on port (\\d+)").matcher(line);
      if (port.find()) {
        return URI.create("http://127.0.0.1:" + port.group(1));
      }
    }
    throw new IOException("chromedriver ended before it listened");
  }

  private void run(String page, Path pictures) throws Exception {
    clear();
    session = start();
    try {
      post("/url", "{\"url\":" + quoted(page) + "}");
      look(page, pictures);
    } finally {
      send("DELETE", "/session/" + session, "");
      clear();
    }
  }

  /** Pods too: there may be nobody who collects those of a controller that is gone. */
  private static void clear() throws Exception {
    kubectl("delete", "rc,pods", "--selector=app=" + NAME, "--ignore-not-found");
  }

  private String start() throws Exception {
    String options =
        Stream.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--window-size=1440,1150",
                "--user-data-dir=" + profile)
            .map(PageCheck::quoted)
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    String answer =
        send(
            "POST",
            "/session",
            "{\"capabilities\":{\"alwaysMatch\":{\"browserName\":\"chrome\","
                + "\"goog:loggingPrefs\":{\"browser\":\"ALL\"},"
                + ("\"goog:chromeOptions\":{\"binary\":\"" + chromium() + "\",")
                + ("\"args\":[" + options + "]}}}}"));
    Matcher id = Pattern.compile("\"sessionId\":\"([^\"]+)\"").matcher(answer);
    if (!id.find()) {
      throw new IOException("chromedriver started no session: " + answer);
    }
    return id.group(1);
  }

  private static String chromium() throws IOException {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, "chromium"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("no chromium in PATH"))
        .toString();
  }

  private void look(String page, Path pictures) throws Exception {
    expect("the connection", "live", "document.getElementById('connection').textContent");
    expect("the key in the address", "", "location.hash");
    expectMatch("who leads", ".+", "document.getElementById('holder').textContent");
    expectMatch("nodes", "[1-9].*", "document.getElementById('total-nodes').textContent");

    kubectl("create", "-f", controller());
    String ready = "(" + row() + "||{}).children?.[1].textContent";
    expect("replicas of a new controller", "2/2", ready);
    expect("its image, as text", MARKUP, row() + ".children[2].textContent");
    expectMatch("its events", "[1-9]\\d*", count("#events tr", "Created pod: " + NAME));

    evaluate("(window.unchanged = 'yes')");
    kubectl("scale", "rc", NAME, "--replicas=7");
    expect("replicas after scaling up", "7/7", ready);
    expect("pods in the table", "7", count("#pods tr", NAME));
    expect("pods on the nodes", "7", count(".pods .ok[title*=" + NAME + "]", ""));
    picture(pictures);
    kubectl("scale", "rc", NAME, "--replicas=1");
    expect("replicas after scaling down", "1/1", ready);
    kubectl("delete", "rc", NAME);
    expect("the row of the deleted controller", "undefined", "String(" + row() + ")");
    expect("a mark left before the changes: there was no reload", "yes", "window.unchanged");
    expect("the title", "kcm sandbox", "document.title");
    expect(
        "places from which the page loaded something",
        URI.create(page).getAuthority(),
        "[...new Set(performance.getEntriesByType('resource').map(e => new URL(e.name).host))].join()");
    complaints();
    stranger(page);
  }

  /** Who has no key sees nothing but what to do. */
  private void stranger(String page) throws Exception {
    evaluate("sessionStorage.clear()");
    post("/url", "{\"url\":" + quoted(page.replaceAll("#.*", "")) + "}");
    expectMatch("what strangers see", "Open the address .*", "document.getElementById('notice').textContent");
    expect("nodes that strangers see", "0", "document.getElementById('total-nodes').textContent");
  }

  private static String row() {
    return "[...document.querySelectorAll('#workloads tbody tr')]"
        + ".find(r => r.textContent.includes('/" + NAME + "'))";
  }

  private static String count(String selector, String text) {
    return "String([...document.querySelectorAll('%s')].filter(e => e.textContent.includes('%s')).length)"
        .formatted(selector.replace("'", "\\'"), text);
  }

  private Path manifest() throws IOException {
    return Files.writeString(
        profile.resolve("controller.json"),
        """
        {"apiVersion":"v1","kind":"ReplicationController","metadata":{"name":"%1$s","namespace":"default"},
         "spec":{"replicas":2,"template":{"metadata":{"labels":{"app":"%1$s"}},
          "spec":{"containers":[{"name":"c","image":"%2$s"}]}}}}
        """
            .formatted(NAME, MARKUP));
  }

  private String controller() throws IOException {
    return manifest().toString();
  }

  // ---- looking

  private void expect(String what, String expected, String expression) throws Exception {
    expectMatch(what, Pattern.quote(expected), expression);
  }

  private void expectMatch(String what, String pattern, String expression) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String seen = evaluate(expression);
    while (!seen.matches(pattern) && System.nanoTime() < end) {
      Thread.sleep(50);
      seen = evaluate(expression);
    }
    if (!seen.matches(pattern)) {
      failures.add("%s: expected %s, but it is \"%s\"".formatted(what, pattern, seen));
    }
  }

  private String evaluate(String expression) throws Exception {
    String answer =
        post("/execute/sync", "{\"args\":[],\"script\":" + quoted("return " + expression) + "}");
    Matcher value = Pattern.compile("\\{\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"}").matcher(answer);
    return value.matches() ? unescaped(value.group(1)) : answer;
  }

  /** What the browser had to complain about: errors of scripts, breaches of the policy. */
  private void complaints() throws Exception {
    String answer = post("/se/log", "{\"type\":\"browser\"}");
    if (!answer.equals("{\"value\":[]}")) {
      failures.add("complaints of the browser: " + answer);
    }
  }

  private void picture(Path folder) throws Exception {
    if (folder != null) {
      String answer = send("GET", "/session/" + session + "/screenshot", "");
      Files.createDirectories(folder);
      String image = answer.replaceFirst("^\\{\"value\":\"", "").replaceFirst("\"}$", "");
      Files.write(folder.resolve("page.png"), Base64.getDecoder().decode(image));
    }
  }

  // ---- doing

  private static void kubectl(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
    }
  }

  private String post(String path, String body) throws Exception {
    return send("POST", "/session/" + session + path, body);
  }

  private String send(String method, String path, String body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(driver.resolve(path))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(method + " " + path + ": " + answer.body());
    }
    return answer.body();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String unescaped(String text) {
    Matcher escape = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)").matcher(text);
    return escape.replaceAll(
        found ->
            Matcher.quoteReplacement(
                found.group(2) != null
                    ? String.valueOf((char) Integer.parseInt(found.group(2), 16))
                    : found.group(1).replace("n", "\n")));
  }
}
