package dev.kcm.embedded.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the body of one request without keeping a thread.
 *
 * <p>A body over the limit is read to its end and thrown away, because many clients look at the
 * answer only after they have sent everything; beyond {@link #DRAIN_LIMIT} the connection is given
 * up.
 *
 * <p>Confined to the I/O thread of the exchange.
 */
final class BodyReader {

  /** Largest body, in bytes. */
  static final int LIMIT = 3 * 1024 * 1024;

  /** Largest body that is still read to be able to refuse it in good form, in bytes. */
  static final long DRAIN_LIMIT = 64L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);
  private static final byte[] NOTHING = new byte[0];

  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private final BiConsumer<HttpServerExchange, byte[]> whole;
  private final BiConsumer<HttpServerExchange, Refusal> refused;
  private boolean overLimit;

  private BodyReader(
      BiConsumer<HttpServerExchange, byte[]> whole,
      BiConsumer<HttpServerExchange, Refusal> refused) {
    this.whole = whole;
    this.refused = refused;
  }

  /**
   * Reads the body.
   *
   * @param whole gets a body within the limit, empty when there is none
   * @param refused gets the reason when there is no such body
   */
  static void read(
      HttpServerExchange exchange,
      BiConsumer<HttpServerExchange, byte[]> whole,
      BiConsumer<HttpServerExchange, Refusal> refused) {
    if (exchange.isRequestComplete()) {
      whole.accept(exchange, NOTHING);
      return;
    }
    boolean announced = exchange.getRequestContentLength() > LIMIT;
    if (announced && HttpContinue.requiresContinueResponse(exchange)) {
      exchange.setPersistent(false);
      refused.accept(exchange, Refusal.tooLarge(LIMIT));
      return;
    }
    BodyReader reader = new BodyReader(whole, refused);
    exchange.setMaxEntitySize(DRAIN_LIMIT);
    exchange.getRequestReceiver().receivePartialBytes(reader::part, reader::broken);
  }

  private void part(HttpServerExchange exchange, byte[] part, boolean last) {
    overLimit |= collected.size() + part.length > LIMIT;
    if (overLimit) {
      collected.reset();
    } else {
      collected.write(part, 0, part.length);
    }
    if (last && overLimit) {
      refused.accept(exchange, Refusal.tooLarge(LIMIT));
    } else if (last) {
      whole.accept(exchange, collected.toByteArray());
    }
  }

  private void broken(HttpServerExchange exchange, Exception error) {
    LOG.debug("A request body could not be read", error);
    exchange.setPersistent(false);
    boolean tooLarge = overLimit || exchange.getRequestContentLength() > LIMIT;
    refused.accept(
        exchange,
        tooLarge
            ? Refusal.tooLarge(LIMIT)
            : Refusal.badRequest("the request body could not be read"));
  }
}
