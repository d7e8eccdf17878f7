export const handler = async ({ name = 'world' }) => {
  console.log(`greeting ${name}`);
  return { greeting: `Hello, ${name}!` };
};
