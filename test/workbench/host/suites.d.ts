declare module "lumen:suites";
