package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the answer to a request: head, then bytes, then the end. One call at a time. */
interface Receiver {

  /** Status and headers have come. */
  void head(HttpResponse<?> response);

  /** More of the body; an exception ends the exchange and is reported to {@link #failed}. */
  void bytes(ByteBuffer buffer) throws IOException;

  /** The body has ended. An exception is reported to {@link #failed}. */
  void end() throws IOException;

  /** It went wrong. The last call. */
  void failed(ApiError error);
}
