package dev.kcm.benchmarks;

import java.io.IOException;
import java.util.List;

/** What is compared: a local copy of all pods, kept by one client or the other. Thread-safe. */
interface PodCache extends AutoCloseable {

  /** Name of an index. */
  String BY_NODE = "node";

  String BY_OWNER = "owner";

  /** Starts; what is told to handlers is counted. */
  static PodCache start(Client client, CannedServer server, int handlers, EventCount told)
      throws IOException {
    return switch (client) {
      case KCM -> new KcmPodCache(server.url(), false, handlers, told);
      case KCM_STREAM -> new KcmPodCache(server.url(), true, handlers, told);
      case FABRIC8 -> new Fabric8PodCache(server.url(), handlers, told);
    };
  }

  /** The number of pods held. */
  int size();

  /** A pod, which must be there. */
  Object get(String namespace, String name);

  List<?> byIndex(String index, String value);

  @Override
  void close();
}
