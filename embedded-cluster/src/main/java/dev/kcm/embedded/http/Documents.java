package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The documents that tell clients what is served. Implementations are thread-safe. */
interface Documents {

  /** Build and level of the server, for {@code /version}. */
  JsonNode version();

  /** APIVersions, for {@code /api}. */
  JsonNode apiVersions();

  /** APIGroupList, for {@code /apis}. */
  JsonNode apiGroups();

  /** APIResourceList of a group version, empty when it is not served. */
  Optional<JsonNode> resources(String group, String version);

  /** APIGroupDiscoveryList of the core group. */
  JsonNode aggregatedCore();

  /** APIGroupDiscoveryList of the named groups. */
  JsonNode aggregatedGroups();
}
