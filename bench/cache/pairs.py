"""Pairs of questions as people type them into a forum, written by hand for this: the same in other
words, or near and yet another question. Spelling and capitals are as careless as there.
"""

SAME = """
How can I lose weight fast? | How do I lose weight quickly?
What is the best way to learn Python? | How do I learn Python?
How do I get better at chess? | How can I get better at chess?
What are the best ways to save money? | How can I save money?
How can I stop procrastinating? | How do I stop procrastination?
Why is the sky blue? | Why does the sky look blue?
How can I improve my English? | How do I improve my English?
What is the meaning of life? | What's the meaning of life?
How do I start a blog? | How can I start a blog?
How does one start a blog? | How do I start a blog?
How can I make money online? | How do I earn money online?
What is quantum computing? | What exactly is quantum computing?
Who invented the telephone? | Who was it that invented the telephone?
How long does it take to learn the guitar? | How long would it take to learn guitar?
Is it possible to time travel? | Can I time travel?
What is the reason why cats purr? | Why do cats purr?
How come cats purr? | Why do cats purr?
What are the symptoms of diabetes? | What are some symptoms of diabetes?
How do you bake sourdough bread? | How do I bake sourdough bread?
What is machine learning? | what is machine learning
Can you tell me what machine learning is? | What is machine learning?
How should I prepare for a job interview? | How do I prepare for a job interview?
What is the best way to cook rice? | How do I cook rice?
How do I change a flat tyre on a bike? | How can I change a flat tyre on a bicycle?
Which is the best laptop for students? | What is the best laptop for students?
What are the benefits of meditation? | What are the benefits of meditating?
Why do people yawn? | Why do we yawn?
How can one become a pilot? | How do I become a pilot?
What is the best way to become a pilot? | How do I become a pilot?
How do I delete my Facebook account? | How can I delete my Facebook account?
How do I remove red wine stains? | How can you remove red wine stains?
How do I write a good resume? | How can I write a good resume?
What's the capital of Australia? | What is the capital of Australia?
Tell me the capital of Australia | What is the capital of Australia?
How many people live in Iceland? | How many people are living in Iceland?
How does a microwave oven work? | How do microwave ovens work?
Why do onions make you cry? | Why do onions make people cry?
What causes earthquakes? | What causes an earthquake?
How do earthquakes happen? | How does an earthquake happen?
What's the difference between bees and wasps? | What is the difference between bees and wasps?
How do vaccines work? | How does a vaccine work?
What is the best age to start school? | What's the best age for starting school?
How can I learn to draw? | How do I learn drawing?
How do I grow tomatoes indoors? | How can I grow tomatoes indoors?
How do I get rid of ants in the kitchen? | How can I get rid of ants in my kitchen?
What is blockchain technology? | What's blockchain technology?
How do I speak more confidently? | How can I speak more confidently?
How can I fall asleep faster? | How do I fall asleep faster?
What should I do to fall asleep faster? | How can I fall asleep faster?
How do I become a good writer? | How can I become a good writer?
Where can I buy cheap furniture? | Where do I buy cheap furniture?
What is the purpose of education? | What's the purpose of education?
Who wrote Don Quixote? | who wrote don quixote
When did the Titanic sink? | when did the titanic sink?
How old is the universe? | How old is our universe?
What are black holes? | What is a black hole?
Is coffee bad for you? | Is coffee bad for your health?
Are bananas berries? | Is a banana a berry?
How do airplanes fly? | How does an airplane fly?
How do planes stay in the air? | How does a plane stay in the air?
What is inflation? | What is meant by inflation?
What does inflation mean? | What is the meaning of inflation?
How do I make a website? | How can I create a website?
How can I build a website? | How do I make a website?
What's the best language to learn first? | Which language is best to learn first?
Which language should I learn first, Python or Java? | Should I learn Python or Java first?
How do I meditate? | How can I meditate?
What is the best way to meditate? | How do I meditate?
What are the best books on psychology? | Which are the best books on psychology?
What is the best book for learning Java? | Which is the best book for learning Java?
How can I quit smoking? | How do I quit smoking?
What is the easiest way to quit smoking? | How do I quit smoking?
How do I stop biting my nails? | How can I stop biting my nails?
What is dark matter? | What is dark matter exactly?
How can I be happy? | How do I be happy?
What makes people happy? | What makes a person happy?
How do I clean leather shoes? | How should I clean leather shoes?
How do you clean a cast iron pan? | How should one clean a cast iron pan?
Do fish sleep? | Does a fish sleep?
Can dogs eat chocolate? | Can a dog eat chocolate?
Is it safe for dogs to eat chocolate? | Can dogs safely eat chocolate?
How do I learn Spanish quickly? | How can I learn Spanish fast?
What is the fastest way to learn Spanish? | How can I learn Spanish the fastest way?
What would happen if the moon disappeared? | What will happen if the moon disappears?
How do solar panels work? | How does a solar panel work?
What is the atomic number of iron? | What's the atomic number of iron?
How can I get a passport? | How do I get a passport?
How do I apply for a passport? | How can I apply for a passport?
How is glass made? | How do they make glass?
How is paper made? | How do people make paper?
What is the largest animal? | What's the largest animal?
Which animal is the largest? | What is the largest animal?
What is the function of the liver? | What does the liver do?
How much water should I drink a day? | How much water should I drink per day?
How many hours should I sleep? | How many hours of sleep do I need?
What is a healthy breakfast? | What's a healthy breakfast?
How do I tie a tie? | How can I tie a tie?
How can I overcome stage fright? | How do I overcome stage fright?
How do I get over stage fright? | How can I overcome stage fright?
What is the best cure for a hangover? | What's the best hangover cure?
How do I invest in stocks? | How can I invest in stocks?
What is the best way to invest in stocks? | How should I invest in stocks?
How do I reset my iPhone? | How can I reset an iPhone?
How do I take a screenshot on a Mac? | How can I take a screenshot on a mac?
What is an API? | What's an API?
Please explain what an API is | What is an API?
How do I make pancakes? | How can I make pancakes?
How to make pancakes? | How do I make pancakes?
How to lose belly fat? | How can I lose belly fat?
how to learn german? | What is the best way to learn German?
How do you whistle? | How can I whistle?
What is photosynthesis? | what's photosynthesis?
Why is exercise important? | Why is it important to exercise?
Why do leaves change colour? | Why do leaves change color?
What are some good movies? | What are some good films?
What's a good film for kids? | What is a good movie for children?
How do I begin investing? | How do I start investing?
What is the purpose of life? | What's life's purpose?
What are the advantages of electric cars? | What are some advantages of electric cars?
What is the salary of a nurse? | How much does a nurse earn?
How far is the sun? | How far away is the sun?
How heavy is an elephant? | How much does an elephant weigh?
How can I cook an egg in a microwave? | How do I cook an egg in the microwave?
How do I make friends in a new city? | How can I make friends in a new city?
What is the best way to make friends in a new city? | How do I make friends in a new city?
Who is the author of Hamlet? | Who wrote Hamlet?
When was Mozart born? | What year was Mozart born?
How do I get a girlfriend? | How can I get a girlfriend?
How do I ask a girl out? | How should I ask a girl out?
How do I know if she likes me? | How can I know if she likes me?
How can I tell if she likes me? | How do I know if she likes me?
What is it like to live in Canada? | How is it to live in Canada?
How do I forget somebody I love? | How can I forget someone I love?
What are good interview questions? | What are some good interview questions?
Why is Pluto no longer a planet? | Why is Pluto not a planet anymore?
What's the point of school? | What is the point of school?
How can I gain weight? | How do I gain weight?
What is the healthiest way to gain weight? | How can I gain weight in a healthy way?
How do I get rid of acne? | How can I get rid of acne?
What is the population of the USA? | What's the population of the US?
How do I move to America? | How can I move to the USA?
What is the best way to get rid of acne? | How can I get rid of acne?
"""

DIFFERENT = """
How can I lose weight? | How can I gain weight?
How can I lose weight in 10 days? | How can I lose weight in 30 days?
What is the capital of Australia? | What is the capital of Austria?
How do I learn Java? | How do I learn JavaScript?
What is the best way to learn Python? | What is the best way to learn C?
Why do cats purr? | Why do cats hiss?
How do I start a car? | How do I start a company?
How do I delete my Facebook account? | How do I delete my Instagram account?
How do I delete my Facebook account? | How do I recover my Facebook account?
How old is the universe? | How big is the universe?
Who invented the telephone? | Who invented the telegraph?
When did the Titanic sink? | Why did the Titanic sink?
When was the Titanic built? | When did the Titanic sink?
Is coffee good for you? | Is tea good for you?
Is coffee bad for you? | Why is coffee bad for you?
Can dogs eat chocolate? | Can cats eat chocolate?
Can dogs eat chocolate? | Why can't dogs eat chocolate?
Can dogs eat chocolate? | Can dogs eat cheese?
How much water should I drink a day? | How much milk should I drink a day?
How many hours should I sleep? | How many hours should a baby sleep?
What is the largest animal? | What is the smallest animal?
What is the largest animal? | What is the largest land animal?
What is the largest country in Africa? | What is the largest country in Asia?
Which is the best phone under 200 dollars? | Which is the best phone under 500 dollars?
What is the best laptop for students? | What is the best laptop for gaming?
What are the symptoms of diabetes? | What are the causes of diabetes?
What are the symptoms of type 1 diabetes? | What are the symptoms of type 2 diabetes?
What is the treatment of asthma? | What are the symptoms of asthma?
How do I remove red wine stains? | How do I remove coffee stains?
How do I remove red wine stains from a carpet? | How do I remove red wine stains from a shirt?
How do vaccines work? | Do vaccines work?
How do airplanes fly? | How high do airplanes fly?
How does a microwave oven work? | Is a microwave oven dangerous?
What is machine learning? | What is deep learning?
What is the difference between AI and machine learning? | What is machine learning?
Which is better, iPhone or Android? | Which is better, iPhone or Samsung?
Is the iPhone 14 better than the iPhone 13? | Is the iPhone 13 better than the iPhone 14?
Is Python faster than Java? | Is Java faster than Python?
How do I convert PDF to Word? | How do I convert Word to PDF?
How do I get from Rome to Paris? | How do I get from Paris to Rome?
How far is Berlin from Munich? | How far is Berlin from Hamburg?
Did Germany defeat France? | Did France defeat Germany?
Who killed Caesar? | Whom did Caesar kill?
What did Einstein say about God? | What did Einstein say about war?
What was Einstein's IQ? | What was Newton's IQ?
How did Hitler come to power? | How did Stalin come to power?
When did World War 1 end? | When did World War 2 end?
When did World War 2 begin? | When did World War 2 end?
Who won the election in 2016? | Who won the election in 2020?
What is the atomic number of iron? | What is the atomic number of gold?
What is the atomic number of iron? | What is the atomic weight of iron?
What is the boiling point of water? | What is the freezing point of water?
What is the square root of 16? | What is the square root of 64?
How many grams are in a pound? | How many grams are in an ounce?
How many people live in Iceland? | How many people live in Ireland?
Who is the president of France? | Who was the president of France?
Who is the king of England? | Who was the first king of England?
What is the GDP of India? | What is the GDP per capita of India?
What is the population of New York? | What is the population of New York State?
What is the salary of a nurse? | What is the salary of a doctor?
What is the salary of a nurse in Canada? | What is the salary of a nurse in Germany?
How do I become a pilot? | How do I become a pilot in India?
How do I become a pilot after 12th? | How do I become a pilot after graduation?
How do I get a passport? | How do I renew a passport?
Where do I get a passport? | When do I get a passport?
Should I learn Python? | How should I learn Python?
Should I quit my job? | How should I quit my job?
Can I learn the guitar at 40? | Can I learn the guitar at 60?
How long does it take to learn the guitar? | How long does it take to learn the piano?
How long does it take to learn the guitar? | How hard is it to learn the guitar?
How do I tune a guitar? | How do I tune a violin?
What are the benefits of meditation? | What are the dangers of meditation?
What are the advantages of electric cars? | What are the disadvantages of electric cars?
What are the advantages of electric cars? | What are the advantages of hybrid cars?
What are the pros of nuclear energy? | What are the cons of nuclear energy?
Why is exercise important? | Why is sleep important?
Why is exercise important? | Is exercise important?
What makes people happy? | What makes people unhappy?
What makes people angry? | What makes people happy?
How do I make her love me? | How do I make him love me?
How do I know if she likes me? | How do I know if he likes me?
How do I know if she likes me? | How do I know if she loves me?
Does she like me? | Do I like her?
How do I ask a girl out? | How do I ask a guy out?
How do I tell my parents that I smoke? | How do I tell my parents that I quit?
How do I stop smoking? | How do I start smoking?
How do I stop my dog from barking? | How do I make my dog bark?
How can I sleep with noise? | How can I sleep without noise?
How do I cook rice with a rice cooker? | How do I cook rice without a rice cooker?
Which foods contain iron? | Which foods contain zinc?
Which foods contain sugar? | Which foods contain no sugar?
Which animals can swim? | Which animals can't swim?
Which countries are in NATO? | Which countries are not in NATO?
Are all swans white? | Are some swans white?
Is it legal to own a gun in Texas? | Is it illegal to own a gun in Texas?
Is it legal to own a gun in Texas? | Is it legal to own a gun in California?
What happens if I eat too much salt? | What happens if I eat too little salt?
What happens if I drink too much coffee? | What happens if I drink too much water?
What happens before a trial? | What happens after a trial?
What should I eat before a workout? | What should I eat after a workout?
What is the first book of the Bible? | What is the last book of the Bible?
What is the second law of thermodynamics? | What is the first law of thermodynamics?
Who played Batman in 1989? | Who played the Joker in 1989?
Who wrote Don Quixote? | When was Don Quixote written?
Who wrote Hamlet? | Who played Hamlet?
Who directed Jaws? | Who starred in Jaws?
What are some good movies? | What are some bad movies?
What are some good movies of 2015? | What are some good movies of 2016?
What are the best Hindi songs? | What are the best Tamil songs?
What are the best books on psychology? | What are the best books on philosophy?
What is the best book for learning Java? | What is the best course for learning Java?
What is the best time to visit Japan? | What is the best place to visit in Japan?
What is the best time to visit Japan? | What is the best time to visit China?
What is the cheapest way to travel in Japan? | What is the fastest way to travel in Japan?
What is the cheapest hotel in Rome? | What is the best hotel in Rome?
How much does a house cost in Toronto? | How much does a house cost in Vancouver?
How much does it cost to build a house? | How long does it take to build a house?
How do I make pancakes? | How do I make waffles?
How do I make pancakes with eggs? | How do I make pancakes without eggs?
How long do I boil an egg? | How long do I boil potatoes?
How do I fry an egg? | How do I boil an egg?
How do I grow tomatoes indoors? | How do I grow tomatoes outdoors?
How do I get rid of ants? | How do I get rid of mice?
How do I increase my height? | How do I increase my weight?
How do I increase my height after 18? | How do I increase my height after 25?
How do I reset my iPhone? | How do I restart my iPhone?
How do I unlock my iPhone? | How do I lock my iPhone?
How do I take a screenshot on a Mac? | How do I take a screenshot on Windows?
How do I install Windows 10? | How do I install Windows 11?
How do I upload a video to YouTube? | How do I download a video from YouTube?
How can I send money from India to the US? | How can I send money from the US to India?
How do I turn on Bluetooth? | How do I turn off Bluetooth?
How do I log in to Gmail? | How do I log out of Gmail?
How do I block someone on WhatsApp? | How do I unblock someone on WhatsApp?
How do I know if someone blocked me on WhatsApp? | How do I block someone on WhatsApp?
What is the meaning of life? | What is the meaning of love?
What is the purpose of the appendix? | What is the purpose of the spleen?
What is the function of the liver? | What is the function of the kidney?
What is the difference between a bee and a wasp? | What is the difference between a bee and a fly?
What is the speed of light? | What is the speed of sound?
How far is the sun? | How far is the moon?
How hot is the sun? | How big is the sun?
Why is the sky blue? | Why is the sea blue?
Why is the sky blue? | Why is the sky red at sunset?
What are black holes? | What are white holes?
Do fish sleep? | How do fish sleep?
Where do penguins live? | How long do penguins live?
Why do people yawn? | Why do dogs yawn?
Do aliens exist? | Do ghosts exist?
Is there life on Mars? | Is there water on Mars?
Who was the first man on the moon? | Who was the second man on the moon?
Who was the first man on the moon? | Who was the first man in space?
Who was the first woman in space? | Who was the first man in space?
How many men have walked on the moon? | How many women have walked on the moon?
What would happen if the moon disappeared? | What would happen if the sun disappeared?
What did you do yesterday? | What will you do tomorrow?
Is Apple a good company to work for? | Is Amazon a good company to work for?
Is it worth buying an iPhone 12? | Is it worth selling an iPhone 12?
How can I buy bitcoin? | How can I sell bitcoin?
What is the tax on 50000? | What is the tax on 70000?
How do I teach my son to read? | How do I teach my daughter to drive?
What is a good name for a cat? | What is a good name for a dog?
How do I train a puppy? | How do I train an old dog?
Is the US bigger than China? | Is China bigger than the US?
Should I move to the USA? | Should I move to the UK?
What do Americans think of the British? | What do the British think of Americans?
"""


def pairs() -> list[tuple[str, str, bool]]:
    """(one, other, whether they ask the same)"""
    return [
        (one.strip(), other.strip(), same)
        for table, same in ((SAME, True), (DIFFERENT, False))
        for one, other in (line.split("|") for line in table.strip().splitlines())
    ]
