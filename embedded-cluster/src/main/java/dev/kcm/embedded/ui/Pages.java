package dev.kcm.embedded.ui;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The files of the page. Stateless. */
final class Pages {

  private record Page(String file, String type) {}

  private static final Map<String, Page> PAGES =
      Map.of(
          "/ui/", new Page("index.html", "text/html; charset=utf-8"),
          "/ui/app.js", new Page("app.js", "text/javascript; charset=utf-8"),
          "/ui/state.js", new Page("state.js", "text/javascript; charset=utf-8"),
          "/ui/style.css", new Page("style.css", "text/css; charset=utf-8"),
          "/ui/icon.svg", new Page("icon.svg", "image/svg+xml"));

  private Pages() {}

  /** Nothing from elsewhere is loaded, nothing is framed, no address is told to others. */
  static void secure(Headers headers) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  static void page(HttpExchange exchange, String path) throws IOException {
    Page page = PAGES.get(path);
    if (page != null) {
      send(exchange, 200, page.type(), read(page.file()));
    } else if (path.equals("/") || path.equals("/ui")) {
      exchange.getResponseHeaders().set("Location", "/ui/");
      exchange.sendResponseHeaders(302, -1);
    } else {
      text(exchange, 404, "There is only /ui/ here.");
    }
  }

  static void text(HttpExchange exchange, int code, String text) throws IOException {
    send(
        exchange,
        code,
        "text/plain; charset=utf-8",
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in = Pages.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException("the file " + file + " of the page is missing in this build");
      }
      return in.readAllBytes();
    }
  }
}
