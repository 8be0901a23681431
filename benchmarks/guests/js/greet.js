// The handler: text of an event in, text of its answer out.
(event) => {
	const { name, n } = JSON.parse(event);
	return JSON.stringify({ message: `Hello, ${name}!`, n: n + 1 });
};
