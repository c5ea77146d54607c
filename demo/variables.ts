/** Stand in for what the simulated systems say of themselves once they run: for who looks at a config and runs nothing. */
export const demoVariables = {
  PULSEGUARD_1: "http://127.0.0.1:8088",
  PULSEGUARD_2: "http://127.0.0.1:8089",
  PULSEGUARD_3: "http://127.0.0.1:8090",
  PULSEGUARD_PROMETHEUS: "http://127.0.0.1:9090",
  PULSEGUARD_LOGS: "/var/log/pulseguard",
  ALPHAPULSE_URL: "http://127.0.0.1:8080",
  ALPHAPULSE_TOKEN: "made-anew-at-each-start-of-the-demo",
  ALPHAPULSE_MONITOR: "http://127.0.0.1:8081",
  ALPHAPULSE_HOME: "/opt/alphapulse-rl",
  LOGOS_HOME: "/opt/logos",
  LOGOS_DOCKER: "docker",
  LOGOS_GATEWAY: "http://127.0.0.1:8080",
  LOGOS_PXL_CORE: "http://127.0.0.1:8082",
  LOGOS_OVERLAY_CHRONO: "http://127.0.0.1:8083",
  LOGOS_OVERLAY_V4: "http://127.0.0.1:8084",
  LOGOS_GUI: "http://127.0.0.1:3000",
};
