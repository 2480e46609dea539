package dev.kcm.embedded.http;

import dev.kcm.embedded.http.Representation.Format;
import dev.kcm.embedded.resource.UserInfo;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.Map;

/** One request on its way through the handlers. Confined to the thread that answers it. */
final class Request {

  private final HttpServerExchange exchange;
  private final UserInfo user;
  private final Map<String, List<String>> query;
  private final byte[] body;

  /**
   * @param exchange the connection's side of it
   * @param user the sender
   * @param query the parameters
   * @param body the whole body, empty when there is none
   */
  Request(
      HttpServerExchange exchange, UserInfo user, Map<String, List<String>> query, byte[] body) {
    this.exchange = exchange;
    this.user = user;
    this.query = query;
    this.body = body;
  }

  HttpServerExchange exchange() {
    return exchange;
  }

  UserInfo user() {
    return user;
  }

  Map<String, List<String>> query() {
    return query;
  }

  byte[] body() {
    return body;
  }

  HttpString method() {
    return exchange.getRequestMethod();
  }

  /** All values of the header joined, empty when it was not sent. */
  String header(HttpString name) {
    return header(exchange, name);
  }

  static String header(HttpServerExchange exchange, HttpString name) {
    HeaderValues values = exchange.getRequestHeaders().get(name);
    return values == null ? "" : String.join(",", values);
  }

  String parameter(String key) {
    return QueryString.first(query, key);
  }

  boolean isPretty() {
    return Responder.isPretty(exchange, parameter("pretty"));
  }

  /** The format of bodies that have no reduced forms; JSON when the client takes neither. */
  Format documentFormat() {
    try {
      return AcceptHeader.negotiate(header(Headers.ACCEPT)).format();
    } catch (Refusal e) {
      return Format.JSON;
    }
  }
}
